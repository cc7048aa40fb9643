import { win32 } from 'node:path';
import type { Argv } from '../../host/exec.ts';
import type { StepContext } from '../context.ts';
import { presentWindows } from '../present-windows.ts';
import { systemProgram } from '../system-program.ts';

/** Keys below which a Windows keeps what its programs and its drivers are told. */
export type Places = { software: string; system: string };

export const LIVE: Places = {
  software: 'HKEY_LOCAL_MACHINE\\SOFTWARE',
  system: 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet',
};

const LOADED = { SOFTWARE: 'MediasmithSoftware', SYSTEM: 'MediasmithSystem' } as const;
type Hive = keyof typeof LOADED;
const ROOT = 'HKEY_LOCAL_MACHINE';

/** Loads two hives of the installed Windows for as long as something is read from them. */
export async function withInstalledRegistry(
  context: StepContext,
  read: (places: Places) => Promise<void>,
): Promise<void> {
  const { windows } = await presentWindows(context);
  const reg = systemProgram(context, 'reg');
  const folder = win32.join(windows.device, 'Windows', 'System32', 'config');
  const loaded: Hive[] = [];
  try {
    for (const hive of ['SOFTWARE', 'SYSTEM'] as const) {
      await context.run(loadHiveArgv(reg, hive, win32.join(folder, hive)));
      loaded.push(hive);
    }
    const current = await context.platform.facts.registryValue(`${ROOT}\\${LOADED.SYSTEM}\\Select`, 'Current');
    const set = typeof current?.data === 'bigint' ? current.data : 1n;
    await read({
      software: `${ROOT}\\${LOADED.SOFTWARE}`,
      system: `${ROOT}\\${LOADED.SYSTEM}\\ControlSet${String(set).padStart(3, '0')}`,
    });
  } finally {
    // Also after an interruption: a hive that stays loaded keeps the volume in use.
    for (const hive of loaded.reverse()) await context.exec(unloadHiveArgv(reg, hive));
  }
}

/** Pure: reg.exe's command line (Microsoft: "reg load"). */
export function loadHiveArgv(reg: string, hive: Hive, file: string): Argv {
  return [reg, 'load', `HKLM\\${LOADED[hive]}`, file];
}

export function unloadHiveArgv(reg: string, hive: Hive): Argv {
  return [reg, 'unload', `HKLM\\${LOADED[hive]}`];
}

/** Empty where there is no such text. */
export async function registryText({ platform }: StepContext, key: string, name: string): Promise<string> {
  const value = await platform.facts.registryValue(key, name);
  // Windows has kept names of time zones with what a longer one had left behind the end.
  return typeof value?.data === 'string' ? (value.data.split('\0')[0] ?? '') : '';
}
