import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { StagedTree } from '../../../../../builder/boot/winpe/staged-tree.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const TIME = new Date('2026-01-02T03:04:05Z');

it('puts what differs in case only into one folder, and gives everything one time', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'given/WINDOWS/system32/b.txt': 'b', 'given/top.txt': 'top' });
  await mkdir(join(folder, 'given/empty'));
  await symlink('top.txt', join(folder, 'given/link.txt'));
  const tree = new StagedTree(join(folder, 'tree'));
  await tree.write('Windows/System32/a.txt', 'a');
  await tree.copyFolder(join(folder, 'given'), '');
  await tree.copy(join(folder, 'given/top.txt'), 'windows/C.txt');
  await tree.setTimes(TIME);
  const paths = (await readdir(tree.folder, { recursive: true })).sort();
  expect(paths).toEqual([
    'Windows',
    'Windows/C.txt',
    'Windows/System32',
    'Windows/System32/a.txt',
    'Windows/System32/b.txt',
    'empty',
    'link.txt',
    'top.txt',
  ]);
  for (const path of ['', ...paths]) expect((await stat(join(tree.folder, path))).mtime).toEqual(TIME);
  expect(await readFile(join(tree.folder, 'link.txt'), 'utf8')).toBe('top');
});

it('refuses two names that are one to Windows, and links to folders', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'given/sub/a.txt': 'a' });
  await symlink('sub', join(folder, 'given/link'));
  const tree = new StagedTree(join(folder, 'tree'));
  await tree.write('SUB/A.TXT', 'a');
  const message = expect.stringContaining('sub/a.txt and SUB/A.TXT are one file');
  await expect(tree.write('sub/a.txt', 'b')).rejects.toMatchObject({ code: 'SOURCE_INVALID', message });
  const other = new StagedTree(join(folder, 'other'));
  await expect(other.copyFolder(join(folder, 'given'), '')).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
});
