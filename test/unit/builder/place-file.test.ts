import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { placeFile } from '../../../builder/place-file.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

it('replaces the earlier file', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'scratch/medium': 'new', 'medium.iso': 'old' });
  await placeFile(join(folder, 'scratch/medium'), join(folder, 'medium.iso'));
  expect(await readFile(join(folder, 'medium.iso'), 'utf8')).toBe('new');
  expect(await readdir(join(folder, 'scratch'))).toEqual([]);
});

it('leaves the earlier file where the disk cannot take the new one', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { medium: 'new', 'medium.iso': 'old' });
  await using handle = await open(join(folder, 'medium'));
  const sync = vi.spyOn(Object.getPrototypeOf(handle), 'sync').mockRejectedValueOnce(new Error('EIO'));
  onTestFinished(() => sync.mockRestore());
  await expect(placeFile(join(folder, 'medium'), join(folder, 'medium.iso'))).rejects.toThrow('EIO');
  expect(await readFile(join(folder, 'medium.iso'), 'utf8')).toBe('old');
});
