import type { FileHandle } from 'node:fs/promises';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStick } from '../../builder/stick/open-stick.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { exec } from '../../runtime/host/exec.ts';
import { blankStick, folderMedium } from '../helpers/folder-medium.ts';
import { CHANGED, FILES, OTHER_ID, STICK_BYTES, stateOf, stickContext, withStick } from '../helpers/small-stick.ts';
import { failsAt, flipsBitAt, placeOf, wrapsAt } from '../helpers/stick-devices.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;
const SECTOR = 512;
const OPTIONS = { layout: 'fat32+exfat', partitionTable: 'gpt' } as const;
const WIM = FILES['mediasmith/images/windows.wim'].subarray(0, 64);

/** Where the image lies on a stick that was written well. */
async function placeOfImage(): Promise<number> {
  const stick = await blankStick(STICK_BYTES);
  const medium = await folderMedium(FILES);
  await withStick(stick, (target) => writeSticks(medium, [target], OPTIONS, stickContext()));
  return placeOf(stick, WIM, 32 * MIB);
}

/** No system takes it for a disk with anything on it, and no BIOS starts it. */
async function expectNoStart(stick: string): Promise<void> {
  expect(await openStick(stick)).toBeUndefined();
  await using handle = await open(stick, 'r');
  const { buffer } = await handle.read(Buffer.alloc(SECTOR), 0, SECTOR, 0);
  expect(buffer.readUInt16LE(510)).not.toBe(0xaa55);
}

describe('a stick that starts nothing is left by a device that', () => {
  it.each<[string, string, (place: number) => (handle: FileHandle) => FileHandle]>([
    ['has fewer bytes than it says', 'READ_BACK_FAILED', () => wrapsAt(4 * MIB)],
    ['gives back another bit', 'READ_BACK_FAILED', (place) => flipsBitAt(place + 5)],
    ['gives back another bit of a table', 'READ_BACK_FAILED', () => flipsBitAt(MIB + 3)],
    ['cannot be read in one place', 'READ_BACK_FAILED', (place) => failsAt(place + MIB, 'read')],
    ['cannot be written in one place', 'DEVICE_FAILED', (place) => failsAt(place + MIB, 'write')],
  ])('%s: %s', async (_, code, device) => {
    const [place, medium, stick] = [await placeOfImage(), await folderMedium(FILES), await blankStick(STICK_BYTES)];
    const writing = withStick(stick, (target) => writeSticks(medium, [target], OPTIONS, stickContext()), device(place));
    await expect(writing).rejects.toMatchObject({ code, where: stick });
    await expectNoStart(stick);
  });
});

it('an update that cannot be read back leaves the old medium', async () => {
  const stick = await blankStick(STICK_BYTES);
  const [old, medium] = [await folderMedium(FILES), await folderMedium(CHANGED, OTHER_ID)];
  await withStick(stick, (target) => writeSticks(old, [target], OPTIONS, stickContext()));
  let writes = 0;
  let places: number[] = [];
  const watched = (handle: FileHandle): FileHandle =>
    new Proxy(handle, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (name !== 'write') return typeof value === 'function' ? value.bind(target) : value;
        return (data: Uint8Array, from: number, bytes: number, offset: number) => {
          if (writes++ === 0) places = [offset];
          return target.write(data, from, bytes, offset);
        };
      },
    });
  const trial = await blankStick(0);
  await exec(['cp', '--sparse=always', stick, trial]);
  await withStick(trial, (target) => updateSticks(medium, [target], stickContext()), watched);
  const update = withStick(
    stick,
    (target) => updateSticks(medium, [target], stickContext()),
    flipsBitAt(places[0] ?? 0),
  );
  await expect(update).rejects.toMatchObject({ code: 'READ_BACK_FAILED' });
  expect(await stateOf(stick)).toBe('old');
});

it('of two sticks the good one is whole, and the error says so', async () => {
  const [good, bad] = [await blankStick(STICK_BYTES), await blankStick(STICK_BYTES)];
  const medium = await folderMedium(FILES);
  const writing = withStick(good, (one) =>
    withStick(bad, (other) => writeSticks(medium, [one, other], OPTIONS, stickContext()), wrapsAt(4 * MIB)),
  );
  await expect(writing).rejects.toMatchObject({ code: 'READ_BACK_FAILED', where: bad, lines: [`${good}: is whole`] });
  expect(await stateOf(good)).toBe('old');
  expect(await openStick(bad)).toBeUndefined();
});

// Loop devices and FUSE need root.
describe.skipIf(process.getuid?.() !== 0)('a block device with a bad sector', () => {
  it.each([
    ['read', 'READ_BACK_FAILED'],
    ['write', 'DEVICE_FAILED'],
  ] as const)('that it cannot %s is found: %s', async (what, code) => {
    const medium = await folderMedium(FILES);
    const place = await placeOfImage();
    const { device, image } = await deviceWithBadSector(Math.floor((place + MIB) / SECTOR), what);
    const writing = withStick(device, ({ handle }) =>
      writeSticks(medium, [{ device, bytes: STICK_BYTES, handle }], OPTIONS, stickContext()),
    );
    await expect(writing).rejects.toMatchObject({ code, where: device });
    // What a device that fails has in sector 0 is not ours to say; it must have no medium.
    expect(await openStick(image)).toBeUndefined();
  });
});

/** QEMU gives out an image as a file with a bad sector, and a loop device makes a disk of it. Gone after the test. */
async function deviceWithBadSector(sector: number, what: 'read' | 'write'): Promise<{ device: string; image: string }> {
  const folder = await temporaryFolder();
  const [image, faulty, rules] = ['image', 'faulty', 'rules'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await using file = await open(image, 'w');
  await file.truncate(STICK_BYTES);
  await writeFile(faulty, '');
  await writeFile(
    rules,
    `[inject-error]\nevent = "none"\niotype = "${what}"\nerrno = "5"\nsector = "${sector}"\nonce = "off"\n`,
  );
  const pidFile = join(folder, 'pid');
  // It has come into the background when the file is there.
  await exec([
    'qemu-storage-daemon',
    ...['--daemonize', '--pidfile', pidFile],
    ...['--blockdev', `driver=file,node-name=file,filename=${image}`],
    ...['--blockdev', `driver=blkdebug,node-name=faulty,image=file,config=${rules}`],
    ...['--export', `type=fuse,id=export,node-name=faulty,mountpoint=${faulty},writable=on`],
  ]);
  onTestFinished(async () => {
    await exec(['umount', faulty]);
    process.kill(Number(await readFile(pidFile, 'utf8')));
  });
  // Without direct-io the kernel remembers what the file under the device was given.
  const { stdout } = await exec(['losetup', '--direct-io=on', '--find', '--show', faulty]);
  const device = stdout.trim();
  onTestFinished(async () => void (await exec(['losetup', '--detach', device])));
  return { device, image };
}
