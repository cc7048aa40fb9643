import { mkdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FOLDER_TIME, standInFolder } from '../../builder/stages/stand-in-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

it('gives an image all that a folder has, with one time, and leaves the folder as it is', async () => {
  const folder = await temporaryFolder();
  const source = join(folder, 'source');
  await writeFiles(source, { 'a.inf': 'drivers', 'sub/größe.bin': new Uint8Array(300_000).fill(5), 'sub/none': '' });
  await mkdir(join(source, 'empty'));
  await symlink('sub', join(source, 'near'));
  await symlink(join(source, 'a.inf'), join(source, 'whole'));
  const before = await stat(join(source, 'a.inf'), { bigint: true });

  const standIn = await standInFolder(source, join(folder, 'stand-in'));
  const file = join(folder, 'c.wim');
  using wim = await WimFile.create('LZX');
  await wim.addFolder(join(folder, 'stand-in'), 'tools');
  await standIn.link();
  await wim.write(file);

  const applied = join(folder, 'applied');
  await exec(['wimapply', file, '1', applied]);
  await exec(['diff', '--recursive', source, applied]);
  for (const path of ['', 'a.inf', 'sub', 'sub/größe.bin', 'sub/none', 'empty'])
    expect((await stat(join(applied, path))).mtime).toEqual(FOLDER_TIME);
  expect((await stat(join(source, 'a.inf'), { bigint: true })).mtimeNs).toBe(before.mtimeNs);
});
