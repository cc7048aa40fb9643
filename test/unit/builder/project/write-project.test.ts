import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { existingFiles, writeProject } from '../../../../builder/project/write-project.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const FILES = new Map([
  ['a.yaml', 'a\n'],
  ['media.yaml', 'new\n'],
]);
const { signal } = new AbortController();

it('makes the folder and writes every file, and nothing else', async () => {
  const folder = join(await temporaryFolder(), 'branch/office');
  expect(await writeProject(folder, FILES, { replace: false, signal })).toEqual([
    join(folder, 'a.yaml'),
    join(folder, 'media.yaml'),
  ]);
  expect((await readdir(folder)).sort()).toEqual(['a.yaml', 'media.yaml']);
});

it('refuses to write over a file, and then has written nothing', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'media.yaml': 'old\n' });
  await expect(writeProject(folder, FILES, { replace: false, signal })).rejects.toMatchObject({
    code: 'OUTPUT_EXISTS',
    lines: ['media.yaml'],
  });
  expect(await readdir(folder)).toEqual(['media.yaml']);
  expect(await existingFiles(folder, FILES.keys())).toEqual(['media.yaml']);
});

it('takes a link to nothing for a file, names it, and leaves what it points to alone', async () => {
  const folder = await temporaryFolder();
  await symlink(join(folder, 'elsewhere'), join(folder, 'a.yaml'));
  expect(await existingFiles(folder, FILES.keys())).toEqual(['a.yaml']);
  await expect(writeProject(folder, FILES, { replace: false, signal })).rejects.toMatchObject({
    code: 'OUTPUT_EXISTS',
    lines: ['a.yaml'],
  });
  expect(await readdir(folder)).toEqual(['a.yaml']);
});

it('ends where a folder cannot be made', async () => {
  await expect(writeProject('/proc/none', FILES, { replace: false, signal })).rejects.toThrow('ENOENT');
});

it('replaces what it was told to replace', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'media.yaml': 'old\n' });
  await writeProject(folder, FILES, { replace: true, signal });
  expect(await readFile(join(folder, 'media.yaml'), 'utf8')).toBe('new\n');
});

it('leaves nothing when it is interrupted', async () => {
  const folder = await temporaryFolder();
  const interrupted = AbortSignal.abort(new Error('stop'));
  await expect(writeProject(folder, FILES, { replace: false, signal: interrupted })).rejects.toThrow('stop');
  expect(await readdir(folder)).toEqual([]);
});
