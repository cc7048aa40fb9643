import { type FileHandle, open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import type { StickLayout, StickTable } from '../../builder/config/schema.ts';
import { stickFiles } from '../../builder/inspect/stick-files.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { openStick } from '../../builder/stick/open-stick.ts';
import type { StickTarget } from '../../builder/writers/usb/sticks.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { liesOnBootVolume, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { blankStick, folderMedium } from '../helpers/folder-medium.ts';

const MIB = 1024 ** 2;
const STICK_BYTES = 200 * MIB;
const FILES = {
  'EFI/BOOT/readme.txt': 'not in the data',
  'boot/grub/grub.cfg': 'menu',
  'MediaLabel.txt': 'label=TEST\r\n',
  'mediasmith/images/windows.wim': Buffer.alloc(9 * MIB + 7, 'wim'),
  'mediasmith/sequences/install.json': '{"id":"install"}',
  'mediasmith/empty.txt': '',
  'mediasmith/bios/boot.img': Buffer.alloc(512, 0x90),
  'mediasmith/bios/core.img': Buffer.alloc(70_000, 'core'),
};
const OTHER_ID = '99999999-2222-4333-8444-555555555555';
const CHANGED = {
  ...FILES,
  'boot/grub/grub.cfg': 'menu of the other',
  'mediasmith/sequences/install.json': '{"id":"install","changed":true}',
  'mediasmith/new.txt': 'n',
};

const context = () => ({
  exec,
  emit: () => undefined,
  signal: new AbortController().signal,
  cacheFolder: cacheFolder(),
});

async function withStick<T>(
  stick: string,
  work: (target: StickTarget) => Promise<T>,
  change: (handle: FileHandle) => FileHandle = (handle) => handle,
): Promise<T> {
  await using handle = await open(stick, 'r+');
  return await work({ device: stick, bytes: (await handle.stat()).size, handle: change(handle) });
}

const LAYOUTS: [StickLayout, StickTable][] = [
  ['fat32', 'mbr'],
  ['fat32', 'gpt'],
  ['fat32+exfat', 'mbr'],
  ['fat32+exfat', 'gpt'],
];

describe.each(LAYOUTS)('a stick with %s and %s', (layout, partitionTable) => {
  it('is written, read back and whole, and other programs agree', async () => {
    const medium = await folderMedium(FILES);
    const stick = await blankStick(STICK_BYTES);
    const [written] = await withStick(stick, (target) =>
      writeSticks(medium, [target], { layout, partitionTable }, context()),
    );
    expect(written?.bytesVerified).toBe(written?.bytesWritten);
    expect(await verifyMedium(stick, context())).toMatchObject({ passed: true, extra: [] });
    const { stdout } = await exec(['sfdisk', '--verify', stick]);
    expect(stdout).toContain('No errors detected');
    if (partitionTable === 'gpt')
      expect((await exec(['sgdisk', '--verify', stick])).stdout).toContain('No problems found');
    await checkVolumes(stick);
  });

  it('is the same, byte by byte, each time', async () => {
    const medium = await folderMedium(FILES);
    const sticks = [await blankStick(STICK_BYTES), await blankStick(STICK_BYTES)];
    for (const stick of sticks)
      await withStick(stick, (target) => writeSticks(medium, [target], { layout, partitionTable }, context()));
    await exec(['cmp', ...sticks]);
  });

  it('is brought up to another medium by what differs', async () => {
    const stick = await blankStick(STICK_BYTES);
    const old = await folderMedium(FILES);
    await withStick(stick, (target) => writeSticks(old, [target], { layout, partitionTable }, context()));
    const medium = await folderMedium(CHANGED, OTHER_ID);
    const [updated] = await withStick(stick, (target) => updateSticks(medium, [target], context()));
    expect(await verifyMedium(stick, context())).toMatchObject({ passed: true, extra: [] });
    expect(updated?.bytesWritten).toBeLessThan(2 * MIB);
    const [again] = await withStick(stick, (target) => updateSticks(medium, [target], context()));
    expect(again?.bytesWritten).toBe(0);
    await checkVolumes(stick);
  });
});

/** fsck of each volume, cut out of the stick. */
async function checkVolumes(stick: string): Promise<void> {
  for (const { kind, start, volume } of (await openStick(stick))?.volumes ?? []) {
    const cut = `${stick}.volume`;
    await exec([
      'dd',
      `if=${stick}`,
      `of=${cut}`,
      'bs=1M',
      `skip=${start / MIB}`,
      `count=${volume.bytes / MIB}`,
      'status=none',
    ]);
    await exec(kind === 'fat32' ? ['fsck.fat', '-n', cut] : ['fsck.exfat', '-n', cut]);
  }
}

/** A device that takes so many writes and then none, as one that is pulled out. */
const cutAfter =
  (writes: number) =>
  (handle: FileHandle): FileHandle => {
    let left = writes;
    return new Proxy(handle, {
      get: (target, name) => {
        if (name !== 'write') {
          const value = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return (...given: Parameters<FileHandle['write']>) => {
          if (left-- <= 0) return Promise.reject(new Error('EIO'));
          return target.write(...given);
        };
      },
    });
  };

describe.each(LAYOUTS)('a cut while a stick with %s and %s', (layout, partitionTable) => {
  it('is written leaves one that is no medium', async () => {
    const medium = await folderMedium(FILES);
    const stick = await blankStick(STICK_BYTES);
    const write = (change?: (handle: FileHandle) => FileHandle) =>
      withStick(stick, (target) => writeSticks(medium, [target], { layout, partitionTable }, context()), change);
    await write();
    for (const writes of [1, 3, 8, 13]) {
      await expect(write(cutAfter(writes))).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
      expect(await openStick(stick)).toBeUndefined();
    }
  });

  it('is updated leaves the old medium, the new one, or none', async () => {
    const stick = await blankStick(STICK_BYTES);
    const old = await folderMedium(FILES);
    const medium = await folderMedium(CHANGED, OTHER_ID);
    const ends = new Set<string>();
    for (let writes = 0; ; writes++) {
      await withStick(stick, (target) => writeSticks(old, [target], { layout, partitionTable }, context()));
      const done = await withStick(stick, (target) => updateSticks(medium, [target], context()), cutAfter(writes)).then(
        () => true,
        () => false,
      );
      ends.add(await stateOf(stick));
      if (done) break;
    }
    // Of two volumes the one that is started may name another medium than the one beside it: then it is not found.
    const mixed = layout === 'fat32' ? [] : ['does not find its data'];
    expect([...ends].filter((end) => !['old', 'new', ...mixed].includes(end))).toEqual([]);
    expect(ends).toContain('old');
    expect(ends).toContain('new');
  }, 120_000);
});

/** What a machine finds on a stick. */
async function stateOf(stick: string): Promise<string> {
  const { passed, bad } = await verifyMedium(stick, context());
  const manifest = (await stickFiles(stick))?.read(MEDIUM_PATHS.manifest);
  const id = /"id": "([^"]+)"/.exec(String(await manifest))?.[1];
  const medium = id === OTHER_ID ? 'new' : 'old';
  if (passed) return medium;
  const elsewhere = bad.every(({ path }) => liesOnBootVolume(path));
  return elsewhere ? 'does not find its data' : `broken: ${JSON.stringify(bad)}`;
}
