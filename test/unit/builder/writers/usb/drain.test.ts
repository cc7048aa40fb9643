import { open } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { drainTo } from '../../../../../builder/writers/usb/drain.ts';

const PORTION = 64 * 1024 ** 2;

it('has the disk take a portion while the next is copied, and waits when both are full', async () => {
  const disk = slowDisk();
  const drain = drainTo(disk);
  await drain.add(PORTION - 1);
  expect(disk.syncs).toHaveLength(0);
  await drain.add(1);
  expect(disk.syncs).toHaveLength(1);

  let added = false;
  const second = drain.add(PORTION).then(() => {
    added = true;
  });
  await new Promise(setImmediate);
  expect({ added, syncs: disk.syncs.length }).toEqual({ added: false, syncs: 1 });
  disk.syncs[0]?.resolve();
  await second;
  expect(disk.syncs).toHaveLength(2);
});

it('ends when the disk has all of it', async () => {
  const disk = slowDisk();
  const drain = drainTo(disk);
  await drain.add(PORTION);
  const ended = drain.end();
  disk.syncs[0]?.resolve();
  await new Promise(setImmediate);
  expect(disk.syncs).toHaveLength(2);
  disk.syncs[1]?.resolve();
  await ended;
});

it('says that a disk has not taken what it was given', async () => {
  // It takes no fsync.
  await using full = await open('/dev/full', 'w');
  await expect(drainTo(full).end()).rejects.toThrow('EINVAL');
  const drain = drainTo(full);
  await drain.add(PORTION);
  await expect(drain.add(PORTION)).rejects.toThrow('EINVAL');
});

function slowDisk() {
  const syncs: PromiseWithResolvers<void>[] = [];
  return {
    syncs,
    sync: () => {
      const asked = Promise.withResolvers<void>();
      syncs.push(asked);
      return asked.promise;
    },
  };
}
