import { readdir, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTemporaryFolder, removeLeftFolders } from '../../../../runtime/platform/temporary-folder.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

it('a folder goes with its step', async () => {
  let path: string;
  {
    await using folder = await makeTemporaryFolder();
    await folder.write('a.cmd', 'secret');
    path = folder.path;
    expect(basename(path)).toMatch(/^step-mediasmith_\w{6}$/);
  }
  await expect(readdir(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('what a restart has left is removed, and nothing else', async () => {
  const folder = await temporaryFolder();
  const [now, before, other] = ['step-mediasmith_aaaaaa', 'step-mediasmith_bbbbbb', 'step-cccccc'];
  await writeFiles(folder, { [`${now}/a.cmd`]: '', [`${before}/sub/a.cmd`]: 'secret', [`${other}/b`]: '' });
  for (const name of [before, other]) await utimes(join(folder, name), new Date(0), new Date(0));
  await removeLeftFolders(folder);
  expect((await readdir(folder)).sort()).toEqual([other, now]);
});

it('no folder, nothing to remove', async () => {
  await removeLeftFolders(join(await temporaryFolder(), 'absent'));
});
