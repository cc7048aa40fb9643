import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, win32 as windowsPath } from 'node:path';
import type { Exec } from '../../host/exec.ts';
import { windowsRoot } from '../../host/place.ts';
import { loadWin32, type Win32 } from '../../native/win32.ts';
import { diskDevice, volumeDevice } from './devices.ts';
import type { WinpeHost } from './host.ts';
import { deviceOf } from './volumes.ts';

/** What a platform of Windows is made of. */
export type HostSetup = {
  exec: Exec;
  /** Windows' own calls; others in tests. */
  win32?: Win32;
  /** `X:\\Windows`. */
  systemRoot?: string;
  /** What stands for the root of a drive; folders in tests. */
  drive?: (letter: string) => string;
  /** What opens a disk; files in tests. */
  disk?: (number: number) => string;
  /** What stands for the root of a volume without a letter; folders in tests. */
  volume?: (guid: string) => string;
};

/** The Windows that runs, and the letter of its drive. `startFolder` is still to be said. */
export async function openHost(setup: HostSetup): Promise<{ host: WinpeHost; letter: string; windowsFolder: string }> {
  const { exec, systemRoot = windowsRoot(), drive = deviceOf, disk = diskDevice, volume = volumeDevice } = setup;
  const letter = windowsPath.parse(systemRoot).root.charAt(0).toUpperCase();
  const windowsFolder = join(drive(letter), windowsPath.relative(`${letter}:\\`, systemRoot));
  const host: WinpeHost = {
    exec,
    systemRoot,
    drive,
    disk,
    volume,
    win32: setup.win32 ?? (await loadWin32()),
    startFolder: '',
    logFolder: join(windowsFolder, 'Temp', 'SMSTSLog'),
    log: () => undefined,
  };
  return { host, letter, windowsFolder };
}

/** Has the console as the runtime needs it and makes the folders that it writes into. */
export async function prepareHost({ win32, logFolder }: WinpeHost): Promise<void> {
  win32.disableQuickEdit();
  win32.useUtf8();
  for (const folder of [logFolder, tmpdir()]) await mkdir(folder, { recursive: true });
}
