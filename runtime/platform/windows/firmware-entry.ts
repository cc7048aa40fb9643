import { win32 as windowsPath } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import { STAGED_FOLDER, STAGED_LOADER } from '../staged-linux.ts';
import { bcdeditArgv } from '../winpe/command-lines.ts';

/** What the firmware's own menu shows. */
const NAME = 'Mediasmith';
/** As bcdedit names an entry, in a sentence of Windows' language. */
const IDENTIFIER = /\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}/i;

/**
 * Makes a boot entry of the firmware: a copy of the one for Windows' boot manager, which is on the same partition. Windows
 * draws its identifier, see {@link entryOf}.
 */
export function copyBootManagerArgv(systemRoot: string): Argv {
  return bcdeditArgv(systemRoot, ['/copy', '{bootmgr}', '/d', NAME]);
}

/** The identifier in what bcdedit has said of a copy. */
export function entryOf(said: string): string {
  const found = IDENTIFIER.exec(said)?.[0];
  if (found !== undefined) return found;
  throw new MediasmithError('TOOL_FAILED', 'bcdedit does not say which boot entry it has made', {
    lines: said.split(/\r?\n/).filter(Boolean),
    hint: 'See what "bcdedit /enum firmware" lists. The boot order was not changed.',
  });
}

/**
 * bcdedit's command lines that have the firmware start our loader once. The last alone changes what the machine does next,
 * and the order of entries stays as it is: a boot environment that does not start costs one restart.
 */
export function startOnceArgvs(systemRoot: string, entry: string): Argv[] {
  const path = windowsPath.join('\\', STAGED_FOLDER, STAGED_LOADER);
  return [
    ['/set', entry, 'path', path],
    ['/set', '{fwbootmgr}', 'bootsequence', entry],
  ].map((words) => bcdeditArgv(systemRoot, words));
}

/** Takes the entry out again; fails where there is none. */
export function removeEntryArgv(systemRoot: string, entry: string): Argv {
  return bcdeditArgv(systemRoot, ['/delete', entry, '/cleanup']);
}
