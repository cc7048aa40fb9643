import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../../runtime/contract/machine.ts';
import type { PartitionTable } from '../../runtime/platform/partition-table.ts';
import type { DiskStart, Platform, Progress, TargetDisk, TargetVolume } from '../../runtime/platform/platform.ts';
import { layoutDisk } from '../../runtime/steps/format-and-partition-disk/layout.ts';
import { VolumeWish } from '../../runtime/steps/format-and-partition-disk/schema.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';

/** An adaptor with one disk on which there is something, and with what a test must see of that disk from outside. */
export type PlatformSubject = {
  platform: Platform;
  disk: Disk;
  /** Whether volumes can be reached all the time, so that nothing is mounted and unmounted. */
  volumesStay?: boolean;
  /** The medium's id in the claim that is on the disk now. */
  claim: () => Promise<string | undefined>;
  /** The claim that was on the disk each time a program was started that lays out the table. */
  claimsAtPartitioning: () => Promise<(string | undefined)[]>;
  /** The devices that were formatted, in order, each with its file system. */
  formatted: () => Promise<string[]>;
  /** What was on the disk at first is still there. */
  isUntouched: () => Promise<boolean>;
  /** Has a volume of the disk mounted by somebody. */
  occupy: () => Promise<void>;
  /** Has the program that lays out the table fail. */
  breakPartitioning: () => Promise<void>;
  /** What a firmware would start from the disk now. */
  startable: (target: TargetDisk) => Promise<string[]>;
};

const MIB = 1024 ** 2;
const MEDIUM = '3b241101-e2bb-4255-8caf-4136c566a962';
const EVERY_WINDOWS = {
  'Windows/Boot/EFI/bootmgfw.efi': 'loader',
  'Windows/Boot/EFI/de-DE/bootmgr.efi.mui': 'text',
  'Windows/Boot/PCAT/bootmgr': 'loader',
  'Windows/Boot/PCAT/memtest.exe': 'test',
  'Windows/Boot/Fonts/segmono_boot.ttf': 'font',
};

/** What every platform owes to the steps that act through it. */
export function describePlatform(name: string, setUp: () => Promise<PlatformSubject>): void {
  describe(`platform ${name}`, () => {
    describe('partitionDisk', () => {
      it('claims the disk before it lays anything out, and keeps the claim', async () => {
        const subject = await setUp();
        await partition(subject, 'gpt');
        expect(await subject.claimsAtPartitioning()).toEqual([MEDIUM]);
        expect(await subject.claim()).toBe(MEDIUM);
        expect(await subject.isUntouched()).toBe(false);
      });

      it('returns the volumes of the table, formatted, and says how far it is', async () => {
        const subject = await setUp();
        const progress: Parameters<Progress>[0][] = [];
        const target = await partition(subject, 'gpt', (done) => progress.push(done));
        expect(target.volumes.map(({ name, number, role }) => `${number} ${role} ${name}`)).toEqual([
          '1 system System',
          '2 msr MSR',
          '3 primary Windows',
        ]);
        const device = (number: number) => target.volumes[number - 1]?.device ?? '';
        expect(await subject.formatted()).toEqual([`${device(1)} fat32`, `${device(3)} ntfs`]);
        expect(progress.at(-1)?.doneBytes).toBe(progress.at(-1)?.totalBytes);
        expect(progress.length).toBeGreaterThan(1);
      });

      it('leaves a disk that the inventory knows for unfinished', async () => {
        const subject = await setUp();
        const [before] = (await subject.platform.inventory(undefined)).disks;
        expect(before).toMatchObject({ unfinished: false, empty: false });
        await partition(subject, 'gpt');
        const [after] = (await subject.platform.inventory(undefined)).disks;
        expect(after).toMatchObject({ unfinished: true, empty: true });
      });

      it('gives the same volumes when content is to be kept on the disk', async () => {
        const [plain, subject] = [await setUp(), await setUp()];
        const without = await partition(plain, 'gpt');
        const target = await partition(subject, 'gpt', () => {}, { contentBytes: MIB });
        const shown = ({ volumes, style, identity }: TargetDisk) => ({
          ...{ style, identity, volumes: volumes.map(({ device: _, ...volume }) => volume) },
        });
        expect(shown(target)).toEqual(shown(without));
        await subject.platform.clearContent(target);
        await subject.platform.clearContent(target);
        await putWindows(subject.platform, target, EVERY_WINDOWS);
        await subject.platform.prepareBoot(startOf(target), {});
        await subject.platform.activateBoot(startOf(target), {});
        expect(await subject.startable(target)).not.toEqual([]);
      });

      it('that fails leaves the claim', async () => {
        const subject = await setUp();
        await subject.breakPartitioning();
        await expect(partition(subject, 'gpt')).rejects.toMatchObject({ code: 'TOOL_FAILED' });
        expect(await subject.claim()).toBe(MEDIUM);
      });

      it('refuses a disk that somebody uses, and changes nothing on it', async () => {
        const subject = await setUp();
        await subject.occupy();
        await expect(partition(subject, 'gpt')).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
        expect([await subject.isUntouched(), await subject.claim()]).toEqual([true, undefined]);
        expect(await subject.claimsAtPartitioning()).toEqual([]);
      });
    });

    describe('mount', () => {
      it('shows what was written before, and leaves nothing behind', async () => {
        const { platform, ...subject } = await setUp();
        const windows = volumeOf(await partition({ platform, ...subject }, 'gpt'), 'Windows');
        const paths: string[] = [];
        {
          await using volume = await platform.mount(windows, 'write');
          paths.push(volume.path);
          await writeFiles(volume.path, { 'a/b.txt': 'text' });
        }
        {
          await using volume = await platform.mount(windows, 'read');
          paths.push(volume.path);
          expect((await stat(join(volume.path, 'a/b.txt'))).size).toBe(4);
        }
        if (subject.volumesStay) expect(new Set(paths).size).toBe(1);
        else for (const path of paths) await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
      });
    });

    describe.each(['gpt', 'mbr'] as const)('boot files on a %s disk', (style) => {
      it('are in place before the disk starts, and start it only when it is activated', async () => {
        const subject = await setUp();
        const target = await partition(subject, style);
        await putWindows(subject.platform, target, EVERY_WINDOWS);
        await subject.platform.prepareBoot(startOf(target), {});
        expect(await subject.startable(target)).toEqual([]);
        expect(await subject.claim()).toBe(MEDIUM);
        await subject.platform.activateBoot(startOf(target), {});
        expect(await subject.startable(target)).not.toEqual([]);
        expect(await subject.claim()).toBeUndefined();
      });

      it('are found whatever the case of their names', async () => {
        const subject = await setUp();
        const target = await partition(subject, style);
        const lower = Object.entries(EVERY_WINDOWS).map(([path, text]) => [path.toLowerCase(), text]);
        await putWindows(subject.platform, target, Object.fromEntries(lower));
        await subject.platform.prepareBoot(startOf(target), {});
        await subject.platform.activateBoot(startOf(target), {});
        expect(await subject.startable(target)).not.toEqual([]);
      });

      it('that the image does not have are named', async () => {
        const subject = await setUp();
        const target = await partition(subject, style);
        await putWindows(subject.platform, target, { 'Windows/explorer.exe': '' });
        const preparing = subject.platform.prepareBoot(startOf(target), {});
        await expect(preparing).rejects.toMatchObject({
          code: 'BOOT_FILES_MISSING',
          message: expect.stringContaining('Windows\\Boot\\'),
        });
      });
    });
  });
}

async function partition(
  { platform, disk }: PlatformSubject,
  style: 'gpt' | 'mbr',
  onProgress: Progress = () => {},
  wish: { contentBytes?: number } = {},
): Promise<TargetDisk> {
  return platform.partitionDisk(disk, tableFor(style, disk), MEDIUM, { onProgress, ...wish });
}

function tableFor(style: 'gpt' | 'mbr', disk: Disk): PartitionTable {
  const gpt = [
    { type: 'efi', name: 'System', size: '10 MB' },
    { type: 'msr', size: '1 MB' },
  ];
  const mbr = [{ type: 'primary', name: 'System', size: '10 MB', bootable: true }];
  const volumes = [...(style === 'gpt' ? gpt : mbr), { type: 'primary', name: 'Windows', size: 'rest' }];
  let count = 0;
  const newGuid = () => `1000000${count++}-0000-4000-8000-000000000000`;
  return layoutDisk({ style, volumes: volumes.map((volume) => VolumeWish.parse(volume)) }, disk.bytes, newGuid);
}

function startOf(target: TargetDisk): DiskStart {
  return { target, windows: volumeOf(target, 'Windows'), locale: 'en-US' };
}

function volumeOf({ volumes }: TargetDisk, name: string): TargetVolume {
  const volume = volumes.find((candidate) => candidate.name === name);
  if (volume === undefined) throw new Error(`no volume ${name}`);
  return volume;
}

async function putWindows(platform: Platform, target: TargetDisk, files: Record<string, string>): Promise<void> {
  await using volume = await platform.mount(volumeOf(target, 'Windows'), 'write');
  await writeFiles(volume.path, files);
}
