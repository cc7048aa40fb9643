import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashFile } from '../../builder/hash.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { finishedFiles } from '../../builder/manifest-draft.ts';
import { openStick } from '../../builder/stick/open-stick.ts';
import { planStick } from '../../builder/stick/plan-stick.ts';
import { stickIdentity } from '../../builder/stick/stick-identity.ts';
import { readMediumContent } from '../../builder/writers/usb/medium-content.ts';
import type { StickOptions } from '../../builder/writers/usb/sticks.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { exec } from '../../runtime/host/exec.ts';
import { blankStick, folderMedium } from '../helpers/folder-medium.ts';
import { aDraft } from '../helpers/manifest.ts';
import { CHANGED, FILES, LAYOUTS, OTHER_ID, STICK_BYTES, stickContext, withStick } from '../helpers/small-stick.ts';
import { cutAfter, placeOf } from '../helpers/stick-devices.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;
const SECTOR = 512;

describe.each(LAYOUTS)('a stick with %s and %s', (layout, partitionTable) => {
  const options = { layout, partitionTable };

  it('is written, read back and whole, and other programs agree', async () => {
    const medium = await folderMedium(FILES);
    const stick = await blankStick(STICK_BYTES);
    const [written] = await withStick(stick, (target) => writeSticks(medium, [target], options, stickContext()));
    expect(written?.bytesVerified).toBe(written?.bytesWritten);
    expect(await verifyMedium(stick, stickContext())).toMatchObject({ passed: true, extra: [] });
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
      await withStick(stick, (target) => writeSticks(medium, [target], options, stickContext()));
    await exec(['cmp', ...sticks]);
  });

  it('is brought up to another medium by what differs', async () => {
    const stick = await blankStick(STICK_BYTES);
    const old = await folderMedium(FILES);
    await withStick(stick, (target) => writeSticks(old, [target], options, stickContext()));
    const medium = await folderMedium(CHANGED, OTHER_ID);
    const [updated] = await withStick(stick, (target) => updateSticks(medium, [target], stickContext()));
    expect(await verifyMedium(stick, stickContext())).toMatchObject({ passed: true, extra: [] });
    expect(updated?.bytesWritten).toBeLessThan(2 * MIB);
    expect(updated?.bytesVerified).toBeGreaterThan(0);
    const [again] = await withStick(stick, (target) => updateSticks(medium, [target], stickContext()));
    expect(again?.bytesWritten).toBe(0);
    await checkVolumes(stick);
  });
});

it('has nothing left of an ISO that was written onto it, not even where the writing ends at once', async () => {
  const iso = Buffer.from('\x01CD001\x01');
  const stick = await blankStick(STICK_BYTES);
  const medium = await folderMedium(FILES);
  await withStick(stick, ({ handle }) => handle.write(iso, 0, iso.length, 32_768));
  const writing = withStick(stick, (target) => writeSticks(medium, [target], {}, stickContext()), cutAfter(1));
  await expect(writing).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
  expect(await placeOf(stick, Buffer.from('CD001'), MIB)).toBe(-1);
});

/** fsck of each volume, cut out of the stick. */
async function checkVolumes(stick: string): Promise<void> {
  for (const { kind, start, volume } of (await openStick(stick))?.volumes ?? []) {
    const cut = `${stick}.volume`;
    const [skip, count] = [`skip=${start / MIB}`, `count=${volume.bytes / MIB}`];
    await exec(['dd', `if=${stick}`, `of=${cut}`, 'bs=1M', skip, count, 'conv=sparse', 'status=none']);
    await exec(kind === 'fat32' ? ['fsck.fat', '-n', cut] : ['fsck.exfat', '-n', cut]);
  }
}

describe('what a stick cannot take is refused before it is touched:', () => {
  /** How it ends where the stick had something else on it, which must be there still. */
  async function refusal(medium: string, bytes: number, options: StickOptions): Promise<unknown> {
    const stick = await blankStick(bytes);
    const rest = Buffer.alloc(MIB, 'what was there');
    await withStick(stick, ({ handle }) => handle.write(rest, 0, rest.length, 0));
    const before = await hashFile(stick);
    const error = await withStick(stick, (target) => writeSticks(medium, [target], options, stickContext())).then(
      () => 'written',
      (reason: unknown) => reason,
    );
    expect(await hashFile(stick)).toBe(before);
    return error;
  }

  it.each(LAYOUTS)('all of it, by one sector, with %s and %s', async (layout, partitionTable) => {
    const options = { layout, partitionTable };
    const medium = await folderMedium({ ...FILES, 'mediasmith/images/windows.wim': Buffer.alloc(40 * MIB, 'wim') });
    const { files, manifest } = await readMediumContent(medium, stickContext());
    const identity = stickIdentity(manifest.id);
    const { bytes } = planStick(files, { ...options, label: manifest.label, identity });
    expect(await refusal(medium, bytes - SECTOR, options)).toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringMatching(/: 512 bytes too few$/),
      lines: expect.arrayContaining([expect.stringMatching(/^ *40\.0 MB {2}mediasmith\/images$/)]),
    });
    const stick = await blankStick(bytes);
    await withStick(stick, (target) => writeSticks(medium, [target], options, stickContext()));
    expect(await verifyMedium(stick, stickContext())).toMatchObject({ passed: true });
  });

  it('names FAT cannot hold or tell apart', async () => {
    const medium = await folderMedium({
      ...FILES,
      'mediasmith/a:b.txt': 'x',
      'mediasmith/C.txt': '',
      'mediasmith/c.txt': '',
    });
    expect(await refusal(medium, STICK_BYTES, {})).toMatchObject({
      code: 'NAME_NOT_ALLOWED',
      lines: [expect.stringContaining('a:b.txt'), expect.stringMatching(/c\.txt/i)],
    });
  });

  it('a file of 4 GiB on FAT32, which has a place of its own on exFAT unless the stick is too small', async () => {
    const [path, bytes] = ['mediasmith/images/large.wim', 4 * 1024 ** 3];
    const medium = await folderMedium(FILES);
    const draft = aDraft({ files: [{ path, bytes }] });
    const manifest = finishedFiles(draft, new Map([[path, '0'.repeat(64)]]), undefined);
    await writeFiles(medium, { [path]: '', ...Object.fromEntries(manifest) });
    await truncate(join(medium, path), bytes);
    expect(await refusal(medium, STICK_BYTES, { layout: 'fat32' })).toMatchObject({
      code: 'FILE_TOO_LARGE',
      lines: expect.arrayContaining([expect.stringContaining(path)]),
    });
    expect(await refusal(medium, STICK_BYTES, {})).toMatchObject({ code: 'NO_SPACE' });
  });

  it('itself', async () => {
    const stick = await blankStick(STICK_BYTES);
    const medium = await folderMedium(FILES);
    await withStick(stick, (target) => writeSticks(medium, [target], {}, stickContext()));
    const before = await hashFile(stick);
    const again = withStick(stick, (target) => writeSticks(stick, [target], {}, stickContext()));
    await expect(again).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
    expect(await hashFile(stick)).toBe(before);
  });

  it('an update that does not fit beside what is there', async () => {
    const stick = await blankStick(80 * MIB);
    const old = await folderMedium(FILES);
    await withStick(stick, (target) => writeSticks(old, [target], {}, stickContext()));
    const before = await hashFile(stick);
    const large = { ...CHANGED, 'mediasmith/large.bin': Buffer.alloc(78 * MIB, 'x') };
    const medium = await folderMedium(large, OTHER_ID);
    const update = withStick(stick, (target) => updateSticks(medium, [target], stickContext()));
    await expect(update).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(await hashFile(stick)).toBe(before);
  });
});

it('a label with letters that FAT does not know is written with what it knows', async () => {
  const stick = await blankStick(STICK_BYTES);
  const medium = await folderMedium(FILES);
  const manifest = finishedFiles(aDraft({ label: 'Büro ★ 3' }), new Map(), undefined);
  await writeFiles(medium, Object.fromEntries(manifest));
  await withStick(stick, (target) => writeSticks(medium, [target], { layout: 'fat32' }, stickContext()));
  expect((await openStick(stick))?.volumes[0]?.volume.label).toBe('B_RO _ 3');
});
