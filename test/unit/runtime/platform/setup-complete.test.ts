import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  addSetupComplete,
  removeSetupComplete,
  setupCompleteScript,
} from '../../../../runtime/platform/setup-complete.ts';
import { volumeFiles } from '../../../../runtime/platform/volume-files.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const OURS = [
  '@echo off',
  'rem Mediasmith goes on with its task sequence here.',
  '"%SystemDrive%\\_SMSTaskSequence\\bin\\mediasmith.exe" resume --from-setup',
  'exit /b 0',
  '',
].join('\r\n');
const WITH_BEFORE = OURS.replace(
  '"%SystemDrive%',
  '"%SystemRoot%\\System32\\cmd.exe" /d /c call "%~dp0SetupComplete-before.cmd"\r\n"%SystemDrive%',
);
/** In a code page that is not UTF-8, and in another case than ours. */
const THEIRS = Buffer.from('echo Gr\xf6\xdfe\r\nexit 5\r\n', 'latin1');

async function volume(theirs?: Buffer) {
  const root = await temporaryFolder();
  const folder = join(root, 'Windows/Setup/scripts');
  await mkdir(folder, { recursive: true });
  if (theirs !== undefined) await writeFile(join(folder, 'setupcomplete.cmd'), theirs);
  const scripts = async (): Promise<Record<string, string>> => {
    const names = (await readdir(folder)).sort();
    const texts = names.map(async (name) => [name.toLowerCase(), await readFile(join(folder, name), 'latin1')]);
    return Object.fromEntries(await Promise.all(texts));
  };
  return { files: volumeFiles(root), scripts };
}

it('is plain text that every code page has', () => {
  expect(setupCompleteScript({ before: false })).toBe(OURS);
  expect(setupCompleteScript({ before: true })).toBe(WITH_BEFORE);
  expect(WITH_BEFORE).toMatch(/^[\x20-\x7e\r\n]+$/);
});

it('is put where there is none, and taken away', async () => {
  const { files, scripts } = await volume();
  await addSetupComplete(files);
  await addSetupComplete(files);
  expect(await scripts()).toEqual({ 'setupcomplete.cmd': OURS });
  await removeSetupComplete(files);
  expect(await scripts()).toEqual({});
});

it('keeps what is there, to the byte, however often it is put there', async () => {
  const { files, scripts } = await volume(THEIRS);
  await addSetupComplete(files);
  await addSetupComplete(files);
  const before = { 'setupcomplete-before.cmd': THEIRS.toString('latin1') };
  expect(await scripts()).toEqual({ ...before, 'setupcomplete.cmd': WITH_BEFORE });
  await removeSetupComplete(files);
  expect(await scripts()).toEqual({ 'setupcomplete.cmd': THEIRS.toString('latin1') });
});

it('is whole when the power goes after the first file', async () => {
  const { files, scripts } = await volume(THEIRS);
  await files.write('Windows/Setup/Scripts/SetupComplete-before.cmd', THEIRS);
  await addSetupComplete(files);
  expect(await scripts()).toMatchObject({
    'setupcomplete-before.cmd': THEIRS.toString('latin1'),
    'setupcomplete.cmd': WITH_BEFORE,
  });
});

it('takes nothing away that is not ours', async () => {
  const { files, scripts } = await volume(THEIRS);
  await removeSetupComplete(files);
  expect(await scripts()).toEqual({ 'setupcomplete.cmd': THEIRS.toString('latin1') });
});
