import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mediumPage } from '../../../../../builder/inspect/html/page.ts';
import { refuseOtherFile, writePage } from '../../../../../builder/inspect/html/write-page.ts';
import { richMedium } from '../../../../helpers/medium-document.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const page = (name: string): string => mediumPage(richMedium({ name }), new Date(0));

it('writes a page, and the next one over it', async () => {
  const folder = await temporaryFolder();
  for (const name of ['first', 'second']) {
    await writePage(join(folder, 'medium.html'), page(name));
    expect(await readFile(join(folder, 'medium.html'), 'utf8')).toBe(page(name));
  }
  expect(await readdir(folder)).toEqual(['medium.html']);
});

it('leaves alone what is no page of ours', async () => {
  const folder = await temporaryFolder();
  const generator = '<meta name="generator" content="Mediasmith ';
  await writeFiles(folder, { thesis: 'precious', quoting: `${' '.repeat(500)}${generator}`, empty: '' });
  await writePage(join(folder, 'ours.html'), page('ours'));
  await symlink('ours.html', join(folder, 'link'));
  await mkdir(join(folder, 'folder'));
  const before = (await readdir(folder)).sort();
  for (const name of ['thesis', 'quoting', 'empty', 'link', 'folder']) {
    const path = join(folder, name);
    for (const act of [() => refuseOtherFile(path), () => writePage(path, page('x'))])
      await expect(act()).rejects.toMatchObject({ code: 'OUTPUT_EXISTS', where: path });
  }
  expect((await readdir(folder)).sort()).toEqual(before);
  expect(await readFile(join(folder, 'thesis'), 'utf8')).toBe('precious');
});

it('says where a folder is missing before anything is read', async () => {
  const folder = await temporaryFolder();
  await expect(refuseOtherFile(join(folder, 'none', 'x.html'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(stat(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
