import { open } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { drainTo } from '../../../../../builder/writers/usb/drain.ts';

const PORTION = 64 * 1024 ** 2;

it('has the device take a portion while the next is copied, and waits when both are full', async () => {
  const device = slowDevice();
  const drain = drainTo(device);
  await drain.add(PORTION - 1);
  expect(device.syncs).toHaveLength(0);
  await drain.add(1);
  expect(device.syncs).toHaveLength(1);

  let added = false;
  const second = drain.add(PORTION).then(() => {
    added = true;
  });
  await new Promise(setImmediate);
  expect({ added, syncs: device.syncs.length }).toEqual({ added: false, syncs: 1 });
  device.syncs[0]?.resolve();
  await second;
  expect(device.syncs).toHaveLength(2);
});

it('ends when the device has all of it', async () => {
  const device = slowDevice();
  const drain = drainTo(device);
  await drain.add(PORTION);
  const ended = drain.end();
  device.syncs[0]?.resolve();
  await new Promise(setImmediate);
  expect(device.syncs).toHaveLength(2);
  device.syncs[1]?.resolve();
  await ended;
});

it('says that a device has not taken what it was given', async () => {
  // It takes no fsync.
  await using full = await open('/dev/full', 'w');
  await expect(drainTo(full).end()).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
  const drain = drainTo(full);
  await drain.add(PORTION);
  await expect(drain.add(PORTION)).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
});

function slowDevice() {
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
