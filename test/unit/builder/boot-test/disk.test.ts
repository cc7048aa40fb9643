import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { allocatedBytes, createDisk, createDiskFrom } from '../../../../builder/boot-test/disk.ts';

it('creates a disk that takes no room, in place of an earlier one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mediasmith-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const disk = join(folder, 'disk.img');
  await writeFile(disk, Buffer.alloc(8192, 1));
  expect(await allocatedBytes(disk)).toBe(8192);

  await createDisk(disk, 64 * 1024 ** 3);
  expect((await stat(disk)).size).toBe(64 * 1024 ** 3);
  expect(await allocatedBytes(disk)).toBe(0);

  await createDisk(disk, 4096);
  expect(await readFile(disk)).toEqual(Buffer.alloc(4096));
});

it('creates a disk that begins with a medium', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mediasmith-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [image, disk] = [join(folder, 'factory.img'), join(folder, 'disk.img')];
  await writeFile(image, Buffer.alloc(4096, 7));
  await writeFile(disk, Buffer.alloc(99_999, 1));
  await createDiskFrom(image, disk, 8192);
  expect(await readFile(disk)).toEqual(Buffer.concat([Buffer.alloc(4096, 7), Buffer.alloc(4096)]));
});
