import { isMediasmithError } from '../../contract/errors.ts';
import type { Exec } from '../../host/exec.ts';
import type { Win32 } from '../../native/win32.ts';

/** What the adaptor stands on. Tests bring their own. */
export type WinpeHost = {
  exec: Exec;
  win32: Win32;
  /** `X:\Windows`. */
  systemRoot: string;
  /** The root of a drive as this process opens it: `W:\`. */
  drive: (letter: string) => string;
  /** What opens a disk: `\\.\PhysicalDrive0`. */
  disk: (number: number) => string;
  /** The root of a volume that has no letter, by the GUID of its partition. */
  volume: (guid: string) => string;
  /** The folder of the boot image that the runtime lies in: `X:\mediasmith`. */
  startFolder: string;
  /** The folder logs of programs go to, beside our own. */
  logFolder: string;
  log: (level: 'info' | 'warning', message: string) => void;
};

/** A deed whose failure costs a convenience and not the deployment. What a program has said goes into the log alone. */
export async function tryTo(host: Pick<WinpeHost, 'log'>, deed: () => Promise<unknown>): Promise<boolean> {
  try {
    await deed();
    return true;
  } catch (error) {
    host.log('warning', error instanceof Error ? error.message : String(error));
    if (isMediasmithError(error)) for (const line of error.lines) host.log('info', line);
    return false;
  }
}
