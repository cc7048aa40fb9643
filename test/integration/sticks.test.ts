import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashFile } from '../../builder/hash.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { finishedFiles } from '../../builder/manifest-draft.ts';
import { openStick } from '../../builder/stick/open-stick.ts';
import { planStick } from '../../builder/stick/plan-stick.ts';
import { stickIdentity } from '../../builder/stick/stick-identity.ts';
import { readMediumContent } from '../../builder/writers/usb/medium-content.ts';
import type { StickOptions, StickTarget } from '../../builder/writers/usb/sticks.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { exec } from '../../runtime/host/exec.ts';
import { blankStick, folderMedium } from '../helpers/folder-medium.ts';
import { aDraft } from '../helpers/manifest.ts';
import {
  CHANGED,
  FILES,
  LAYOUTS,
  OTHER_ID,
  STICK_BYTES,
  stateOf,
  stickContext,
  withStick,
} from '../helpers/small-stick.ts';
import { countingWrites, cutAfter, placeOf } from '../helpers/stick-devices.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;
const SECTOR = 512;

describe.each(LAYOUTS)('a stick with %s and %s', (layout, partitionTable) => {
  const options = { layout, partitionTable };

  it('is written, read back and whole, and other programs agree', async () => {
    const medium = await folderMedium(FILES);
    const stick = await blankStick(STICK_BYTES);
    let bytes = 0;
    const [written] = await withStick(
      stick,
      (target) => writeSticks(medium, [target], options, stickContext()),
      countingWrites((count) => {
        bytes += count;
      }),
    );
    expect(written).toMatchObject({ bytesWritten: bytes, bytesVerified: bytes });
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
    expect(updated?.bytesVerified).toBe(updated?.bytesWritten);
    expect(updated?.notRead).toMatchObject({ files: 5 });
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

  it('all that are too small, each by its name, with lines that add up', async () => {
    const medium = await folderMedium(FILES);
    const [small = '', large = '', smallest = ''] = await Promise.all([20, 200, 8].map((mib) => blankStick(mib * MIB)));
    const target = async (device: string, serial: string) =>
      ({ device, serial, bytes: (await stat(device)).size, handle: {} }) as unknown as StickTarget;
    const targets = [await target(small, 'S1'), await target(large, 'S2'), await target(smallest, 'S3')];
    const error = await writeSticks(medium, targets, {}, stickContext()).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'NO_SPACE', where: small });
    expect(error.message).toMatch(new RegExp(`^${small} \\(serial S1\\): \\d+\\.\\d MB are needed, it has 20\\.0 MB`));
    expect(error.lines.at(-1)).toMatch(
      new RegExp(`^${smallest} \\(serial S3\\): \\d+\\.\\d MB are needed, it has 8\\.0 MB`),
    );
    const megabytes = (line: string) =>
      Number.parseFloat(line) / (/ KB/.test(line) ? 1024 : / B/.test(line) ? 1024 ** 2 : 1);
    const sum = error.lines.slice(0, -1).reduce((total: number, line: string) => total + megabytes(line), 0);
    expect(Math.abs(sum - Number.parseFloat(error.message.split(': ')[1]))).toBeLessThan(0.5);
    expect(error.lines.join()).toContain('tables, and what file systems need');
  });

  it('a medium whose validity has ended, and not one whose validity begins later', async () => {
    const medium = await folderMedium(FILES);
    const at = (day: string) => ({ ...stickContext(), now: new Date(day) });
    const validity = { from: '2026-03-01T00:00:00.000Z', until: '2026-03-31T23:59:59.999Z' };
    await writeFiles(medium, Object.fromEntries(finishedFiles(aDraft({ validity }), new Map(), undefined)));
    const stick = await blankStick(STICK_BYTES);
    await withStick(stick, (target) => writeSticks(medium, [target], {}, at('2026-02-01')));
    const before = await hashFile(stick);
    const expired = { code: 'MEDIUM_NOT_VALID', message: expect.stringContaining('2026-03-31T23:59:59.999Z') };
    const writing = withStick(stick, (target) => writeSticks(medium, [target], {}, at('2026-04-01')));
    await expect(writing).rejects.toMatchObject(expired);
    const updating = withStick(stick, (target) => updateSticks(medium, [target], at('2026-04-01')));
    await expect(updating).rejects.toMatchObject(expired);
    expect(await hashFile(stick)).toBe(before);
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

describe('an update of a stick that is damaged where nothing differs', () => {
  const IMAGE = 'mediasmith/images/windows.wim';

  /** The update of a stick with one wrong byte in its image. */
  async function updated(verify: boolean, files: Parameters<typeof folderMedium>[0] = CHANGED) {
    const stick = await blankStick(STICK_BYTES);
    const old = await folderMedium(FILES);
    await withStick(stick, (target) => writeSticks(old, [target], {}, stickContext()));
    const at = await placeOf(stick, Buffer.alloc(4096, 'wim'), STICK_BYTES);
    await withStick(stick, ({ handle }) => handle.write(Buffer.from('X'), 0, 1, at + 100));
    const medium = await folderMedium(files, OTHER_ID);
    return await withStick(stick, (target) => updateSticks(medium, [target], stickContext(), { verify }));
  }

  it('says what it has not read', async () => {
    const [result] = await updated(false);
    const same = ['EFI/BOOT/readme.txt', 'MediaLabel.txt', IMAGE, 'mediasmith/empty.txt', 'mediasmith/bios/boot.img'];
    const bytes = same.reduce((sum, path) => sum + Buffer.from(FILES[path as keyof typeof FILES]).length, 0);
    expect(result?.notRead).toEqual({ files: same.length, bytes });
  });

  it('reads it where that is wanted, and names what is bad', async () => {
    await expect(updated(true)).rejects.toMatchObject({
      code: 'MEDIUM_CORRUPT',
      lines: [`${IMAGE}: its content has changed`],
    });
    const [whole] = await updated(true, { ...CHANGED, [IMAGE]: 'another image' });
    expect(whole?.notRead).toEqual({ files: 0, bytes: 0 });
    expect(whole?.bytesVerified).toBeGreaterThan(whole?.bytesWritten ?? 0);
  });

  it('keeps its medium where the new one is damaged', async () => {
    const stick = await blankStick(STICK_BYTES);
    const old = await folderMedium(FILES);
    await withStick(stick, (target) => writeSticks(old, [target], {}, stickContext()));
    const medium = await folderMedium(CHANGED, OTHER_ID);
    await writeFiles(medium, { 'mediasmith/new.txt': 'm' });
    const updating = withStick(stick, (target) => updateSticks(medium, [target], stickContext()));
    await expect(updating).rejects.toMatchObject({
      code: 'MEDIUM_CORRUPT',
      hint: expect.stringContaining('still has the medium it had'),
    });
    expect(await stateOf(stick)).toBe('old');
  });
});

it('says that a stick holds less of a label than a medium', async () => {
  const medium = await folderMedium(FILES);
  await writeFiles(
    medium,
    Object.fromEntries(finishedFiles(aDraft({ label: 'MEDIASMITH_TEST' }), new Map(), undefined)),
  );
  const stick = await blankStick(STICK_BYTES);
  const [written] = await withStick(stick, (target) => writeSticks(medium, [target], {}, stickContext()));
  expect(written?.volumeLabel).toBe('MEDIASMITH_');
});

it('a label with letters that FAT does not know is written with what it knows', async () => {
  const stick = await blankStick(STICK_BYTES);
  const medium = await folderMedium(FILES);
  const manifest = finishedFiles(aDraft({ label: 'Büro ★ 3' }), new Map(), undefined);
  await writeFiles(medium, Object.fromEntries(manifest));
  await withStick(stick, (target) => writeSticks(medium, [target], { layout: 'fat32' }, stickContext()));
  expect((await openStick(stick))?.volumes[0]?.volume.label).toBe('B_RO _ 3');
});
