import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { placeFile, reachDisk } from '../../../builder/place-file.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

it('replaces the earlier file', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'scratch/medium': 'new', 'medium.iso': 'old' });
  await placeFile(join(folder, 'scratch/medium'), join(folder, 'medium.iso'));
  expect(await readFile(join(folder, 'medium.iso'), 'utf8')).toBe('new');
  expect(await readdir(join(folder, 'scratch'))).toEqual([]);
});

it('hears of a disk that cannot take a file', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { medium: 'new' });
  await using handle = await open(join(folder, 'medium'));
  const sync = vi.spyOn(Object.getPrototypeOf(handle), 'sync').mockRejectedValueOnce(new Error('EIO'));
  onTestFinished(() => sync.mockRestore());
  await expect(reachDisk(join(folder, 'medium'))).rejects.toThrow('EIO');
  await expect(reachDisk(join(folder, 'medium'))).resolves.toBeUndefined();
});
