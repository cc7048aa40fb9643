import { posix, win32 } from 'node:path';

/** A path below a folder of the machine the sequence runs on, which a simulation on another system plays. */
export function joinPath(folder: string, ...names: string[]): string {
  return folder.includes('\\') ? win32.join(folder, ...names) : posix.join(folder, ...names);
}
