import type { VolumeFiles } from './platform.ts';
import { STATE_FOLDER } from './state-folder.ts';

const SCRIPTS = 'Windows/Setup/Scripts';
const SCRIPT = `${SCRIPTS}/SetupComplete.cmd`;
/** What the image, or whoever made it, had there. */
const BEFORE = 'SetupComplete-before.cmd';
const MARK = 'rem Mediasmith';
/** The runtime in the installed Windows, below its volume. */
export const RESUME_PROGRAM = `${STATE_FOLDER}/bin/mediasmith.exe`;

/**
 * Pure: the script that Windows Setup runs as SYSTEM when it is done, before anybody can sign in. What was there before
 * runs first, in an interpreter of its own: an `exit` in it must not end ours. The drive is the one of the Windows that
 * runs it.
 */
export function setupCompleteScript(options: { before: boolean }): string {
  const program = RESUME_PROGRAM.replaceAll('/', '\\');
  const lines = [
    '@echo off',
    `${MARK} goes on with its task sequence here.`,
    ...(options.before ? [`"%SystemRoot%\\System32\\cmd.exe" /d /c call "%~dp0${BEFORE}"`] : []),
    `"%SystemDrive%\\${program}" resume --from-setup`,
    'exit /b 0',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/**
 * Has the Windows on a volume go on with the sequence when its setup is done. A script that is there is kept beside ours
 * and called by it; a second call changes nothing more. Windows does not run the script where its product key is a
 * manufacturer's (Microsoft: "Add a custom script to Windows Setup").
 */
export async function addSetupComplete(files: VolumeFiles): Promise<void> {
  const there = await files.read(SCRIPT);
  const foreign = there !== undefined && !there.includes(MARK);
  if (foreign) await files.write(`${SCRIPTS}/${BEFORE}`, there);
  const before = foreign || (await files.exists(`${SCRIPTS}/${BEFORE}`));
  await files.write(SCRIPT, setupCompleteScript({ before }));
}

/** Puts back what was there before {@link addSetupComplete}. */
export async function removeSetupComplete(files: VolumeFiles): Promise<void> {
  const ours = (await files.read(SCRIPT))?.includes(MARK) ?? false;
  const before = await files.read(`${SCRIPTS}/${BEFORE}`);
  if (!ours) return;
  if (before === undefined) await files.remove(SCRIPT);
  else await files.write(SCRIPT, before);
  await files.remove(`${SCRIPTS}/${BEFORE}`);
}
