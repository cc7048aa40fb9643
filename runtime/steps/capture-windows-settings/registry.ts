import { win32 } from 'node:path';
import type { Argv } from '../../host/exec.ts';
import type { StepContext } from '../context.ts';
import { presentWindows } from '../present-windows.ts';
import { systemProgram } from '../system-program.ts';

export type Hive = 'SOFTWARE' | 'SYSTEM';

/**
 * A text of a Windows' registry, empty where there is none. `key`: below the root of the hive, in SYSTEM below the control
 * set that counts.
 */
export type ReadText = (hive: Hive, key: string, name: string) => Promise<string>;

/** Keys below which a Windows keeps what its programs and its drivers are told. */
type Places = Readonly<Record<Hive, string>>;

const LIVE: Places = {
  SOFTWARE: 'HKEY_LOCAL_MACHINE\\SOFTWARE',
  SYSTEM: 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet',
};

/** The registry of the Windows that runs. */
export function liveRegistry(context: StepContext): ReadText {
  return readerAt(LIVE, context);
}

const LOADED = { SOFTWARE: 'MediasmithSoftware', SYSTEM: 'MediasmithSystem' } as const;
const ROOT = 'HKEY_LOCAL_MACHINE';

/** WinPE: loads two hives of the installed Windows for as long as something is read from them. */
export async function withLoadedHives(context: StepContext, use: (read: ReadText) => Promise<void>): Promise<void> {
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
    const places = {
      SOFTWARE: `${ROOT}\\${LOADED.SOFTWARE}`,
      SYSTEM: `${ROOT}\\${LOADED.SYSTEM}\\${controlSet(set)}`,
    };
    await use(readerAt(places, context));
  } finally {
    // Also after an interruption: a hive that stays loaded keeps the volume in use.
    for (const hive of loaded.reverse()) await context.exec(unloadHiveArgv(reg, hive));
  }
}

/** The name of a control set by its number. Pure. */
export function controlSet(number: number | bigint): string {
  return `ControlSet${String(number).padStart(3, '0')}`;
}

/** Pure: reg.exe's command line (Microsoft: "reg load"). */
export function loadHiveArgv(reg: string, hive: Hive, file: string): Argv {
  return [reg, 'load', `HKLM\\${LOADED[hive]}`, file];
}

export function unloadHiveArgv(reg: string, hive: Hive): Argv {
  return [reg, 'unload', `HKLM\\${LOADED[hive]}`];
}

function readerAt(places: Places, { platform }: StepContext): ReadText {
  return async (hive, key, name) => {
    const value = await platform.facts.registryValue(`${places[hive]}\\${key}`, name);
    // Windows has kept names of time zones with what a longer one had left behind the end.
    return typeof value?.data === 'string' ? (value.data.split('\0')[0] ?? '') : '';
  };
}
