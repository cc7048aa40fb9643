import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MediasmithError } from '../../../../../runtime/contract/errors.ts';
import type { Exec } from '../../../../../runtime/host/exec.ts';
import { startInTask } from '../../../../../runtime/platform/windows/register-resume.ts';
import { temporaryFolder } from '../../../../helpers/temporary-folder.ts';

/** A Windows with or without the task. */
async function windows(hasTask: boolean, failing = '') {
  const root = await temporaryFolder();
  const program = join(root, 'mediasmith.exe');
  await mkdir(join(root, 'C'));
  await writeFile(program, 'program');
  const lines: string[] = [];
  const exec: Exec = async ([path, ...words]) => {
    lines.push(
      [path.replace(/^.*\\/, ''), ...words.map((word) => word.replace(/^.*resume\.xml$/, '<file>'))].join(' '),
    );
    const fails = words[0] === failing || (words[0] === '/Query' && !hasTask);
    if (fails) throw new MediasmithError('TOOL_FAILED', 'it failed', { exitCode: 1 });
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  const start = () => startInTask({ exec, systemRoot: 'C:\\Windows', drive: (letter) => join(root, letter), program });
  return { start, lines, copy: join(root, 'C/_SMSTaskSequence/bin/mediasmith.exe') };
}

it('starts the task that is there', async () => {
  const { start, lines } = await windows(true);
  await start();
  expect(lines).toEqual(['schtasks.exe /Query /TN Mediasmith resume', 'schtasks.exe /Run /TN Mediasmith resume']);
});

it('registers the task first where it is not there, in a folder that others cannot write', async () => {
  const { start, lines, copy } = await windows(false);
  await start();
  expect(lines).toEqual([
    'schtasks.exe /Query /TN Mediasmith resume',
    'icacls.exe C:\\_SMSTaskSequence /setowner *S-1-5-32-544 /T /L /Q',
    'icacls.exe C:\\_SMSTaskSequence /reset /T /L /Q',
    'icacls.exe C:\\_SMSTaskSequence /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F /grant:r *S-1-5-32-544:(OI)(CI)F /Q',
    'schtasks.exe /Create /TN Mediasmith resume /XML <file> /F',
    'schtasks.exe /Run /TN Mediasmith resume',
  ]);
  expect(await readFile(copy, 'utf8')).toBe('program');
});

it.each([
  ['/Create', 'the task "Mediasmith resume" could not be registered'],
  ['/Run', 'the task "Mediasmith resume" could not be started'],
])('says it when %s fails', async (word, message) => {
  const { start } = await windows(false, word);
  await expect(start()).rejects.toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining(message) });
});
