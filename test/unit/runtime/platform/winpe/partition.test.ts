import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { TargetDisk } from '../../../../../runtime/platform/platform.ts';
import { largestVolume } from '../../../../../runtime/platform/winpe/keep-place.ts';
import { partitionDisk, refuseWithoutLetters } from '../../../../../runtime/platform/winpe/partition.ts';
import { letterOf } from '../../../../../runtime/platform/winpe/volumes.ts';
import { layoutDisk } from '../../../../../runtime/steps/format-and-partition-disk/layout.ts';
import { VolumeWish } from '../../../../../runtime/steps/format-and-partition-disk/schema.ts';
import { aDisk } from '../../../../helpers/machine.ts';
import { type TestHost, winpeHost } from '../../../../helpers/winpe-host.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const PLANNED = '00000000-0000-4000-8000-000000000000';
const REAL = '10000000-0000-4000-8000-000000000000';
const CLAIM = '3b241101-e2bb-4255-8caf-4136c566a962';
const TABLE = layoutDisk({ style: 'gpt', volumes: undefined }, 64 * GIB, () => PLANNED);

/** A host with one disk, whose diskpart makes the drives its script asks for. */
async function hostWithDiskpart(stdout = ''): Promise<TestHost> {
  const host = await winpeHost({
    diskpart: async (line) => {
      for (const [, letter] of line.matchAll(/assign letter=(\w)/g)) await mkdir(host.drive(letter ?? ''));
      return { stdout };
    },
  });
  return host;
}

function partition(host: TestHost, table = TABLE): Promise<TargetDisk> {
  return partitionDisk(host, aDisk({ device: host.disk(1), bytes: 64 * GIB }), table, CLAIM, { ownLetters: ['X'] });
}

it('goes on without a claim where the disk itself may not be written', async () => {
  const host = await hostWithDiskpart();
  const target = await partition(host);
  expect(target.identity).toBe(PLANNED);
  expect(target.volumes.map(({ device, guid }) => [device, guid])).toEqual([
    ['S:\\', undefined],
    ['\\\\?\\GLOBALROOT\\Device\\Harddisk1\\Partition2', undefined],
    ['W:\\', undefined],
    ['R:\\', undefined],
  ]);
  expect(host.messages).toContainEqual(
    expect.stringMatching(/^warning: .*PhysicalDrive1 gets no mark of this deployment: ENOENT/),
  );
});

it('leaves the letters of other drives alone, but takes one that has nothing behind it', async () => {
  const host = await hostWithDiskpart();
  host.windows.drives = { S: { type: 'fixed' }, W: { type: 'none' }, Z: { type: 'cdrom' } };
  expect((await partition(host)).volumes.map(({ device }) => device.slice(0, 2))).toEqual(['Y:', '\\\\', 'W:', 'R:']);
});

it('cleans no disk where letters are missing, and counts those that it frees', async () => {
  const host = await hostWithDiskpart();
  const allOn = (disk: number) =>
    Object.fromEntries([...'DEFGHIJKLMNOPQRSTUVWYZ'].map((letter) => [letter, { type: 'fixed', disk } as const]));
  host.windows.drives = allOn(2);
  await expect(partition(host)).rejects.toMatchObject({ code: 'VOLUME_NOT_FOUND' });
  expect(host.lines).toEqual([]);
  host.windows.drives = allOn(1);
  const disk = aDisk({ device: host.disk(1) });
  refuseWithoutLetters(host, disk, TABLE);
  refuseWithoutLetters(host, disk, TABLE, [...'DEF']);
  expect(() => refuseWithoutLetters(host, disk, TABLE, [...'DEFGHIJKLMNOPQRSTUVW'])).toThrow('no drive letter is free');
});

it('takes numbers and GUIDs from what Windows has made', async () => {
  const host = await hostWithDiskpart();
  const partitions = TABLE.partitions.map(({ startBytes, bytes }, index) => ({
    number: index + 3,
    startBytes,
    bytes,
    guid: REAL,
  }));
  host.windows.disks[host.disk(1)] = { layout: { style: 'gpt', identity: REAL, partitions } };
  const { identity, volumes } = await partition(host);
  expect(identity).toBe(REAL);
  expect(volumes.map(({ number, guid }) => [number, guid])).toEqual([3, 4, 5, 6].map((number) => [number, REAL]));
  // What is there after the cleaning is Windows' own, and must make room.
  expect(host.lines[1]).toMatch(/select disk 1; select partition 3; delete partition override; select partition 4; /);
});

describe('logical volumes', () => {
  const wishes = [
    { type: 'primary', size: '100 MB', bootable: true },
    { type: 'extended', size: '500 MB' },
    { type: 'logical', name: 'Data', size: '100 MB' },
    { type: 'logical', name: 'More', size: 'rest' },
    { type: 'hidden', name: 'Tools', size: '20 MB' },
  ].map((volume) => VolumeWish.parse(volume));
  const table = layoutDisk({ style: 'mbr', volumes: wishes }, 64 * GIB, () => PLANNED);

  it('are where Windows has put them, in their order', async () => {
    const host = await hostWithDiskpart();
    const places = [
      [1, 1, 100],
      [3, 103, 100],
      [4, 205, 396],
      [2, 601, 20],
    ].map(([number = 0, start = 0, size = 0]) => ({ number, startBytes: start * MIB, bytes: size * MIB }));
    host.windows.disks[host.disk(1)] = { layout: { style: 'mbr', identity: '0badcafe', partitions: places } };
    const { volumes } = await partition(host, table);
    expect(
      volumes.map(({ name, number, startBytes, bytes, device }) => [
        name,
        number,
        startBytes / MIB,
        bytes / MIB,
        device,
      ]),
    ).toEqual([
      ['System', 1, 1, 100, 'S:\\'],
      ['Data', 3, 103, 100, 'W:\\'],
      ['More', 4, 205, 396, 'Z:\\'],
      ['Tools', 2, 601, 20, '\\\\?\\GLOBALROOT\\Device\\Harddisk1\\Partition2'],
    ]);
    expect(volumes.some((volume) => 'logical' in volume)).toBe(false);
  });

  it('are counted as Windows counts where it does not say', async () => {
    const { volumes } = await partition(await hostWithDiskpart(), table);
    expect(volumes.map(({ number, startBytes }) => [number, startBytes / MIB])).toEqual([
      [1, 1],
      [3, 102],
      [4, 203],
      [2, 601],
    ]);
  });

  it('and others may have letters, but a hidden one has none, and keeps nothing for the run', async () => {
    const host = await hostWithDiskpart();
    const large = [...wishes.slice(0, -1), VolumeWish.parse({ type: 'hidden', name: 'Tools', size: '2 GB' })];
    const target = await partition(
      host,
      layoutDisk({ style: 'mbr', volumes: large }, 64 * GIB, () => PLANNED),
    );
    expect(largestVolume(host, target)?.name).toBe('More');
    const [tools] = target.volumes.slice(-1);
    expect(() => letterOf(tools ?? { name: '', device: '' })).toThrow(
      expect.objectContaining({ code: 'VOLUME_NOT_FOUND', message: 'volume "Tools" has no drive letter' }),
    );
  });

  it('of which one is missing are told', async () => {
    const host = await hostWithDiskpart();
    const places = [1, 102, 601].map((start, index) => ({ number: index + 1, startBytes: start * MIB, bytes: MIB }));
    host.windows.disks[host.disk(1)] = { layout: { style: 'mbr', identity: '0badcafe', partitions: places } };
    await expect(partition(host, table)).rejects.toMatchObject({
      message: 'diskpart says that it has done everything, but partition "More" is not there',
    });
  });
});

it('does not believe a diskpart that ends well without having made a partition', async () => {
  const host = await hostWithDiskpart('DiskPart has encountered an error\r\n');
  const [first] = TABLE.partitions.map(({ startBytes, bytes }) => ({ number: 1, startBytes, bytes, guid: REAL }));
  const partitions = first === undefined ? [] : [first];
  host.windows.disks[host.disk(1)] = { layout: { style: 'gpt', identity: REAL, partitions } };
  await expect(partition(host)).rejects.toMatchObject({
    code: 'TOOL_FAILED',
    message: 'diskpart says that it has done everything, but partition "MSR" is not there',
    lines: ['DiskPart has encountered an error'],
  });
});

it('refuses a disk the boot image or the medium lies on before it runs anything', async () => {
  const host = await hostWithDiskpart();
  host.windows.drives = { X: { type: 'fixed', disk: 1 } };
  await expect(partition(host)).rejects.toMatchObject({
    code: 'DISK_NOT_CHOSEN',
    lines: ['X: is on it, and this run needs it'],
  });
  const disk = aDisk({ device: host.disk(2), holdsMedium: true });
  const partitioning = partitionDisk(host, disk, TABLE, CLAIM, { ownLetters: [] });
  await expect(partitioning).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
  expect(host.lines).toEqual([]);
});

it('does not take the RAM drive of WinPE for a part of a disk', async () => {
  const host = await hostWithDiskpart();
  host.windows.drives = { X: { type: 'ramdisk', disk: 1 } };
  expect((await partition(host)).volumes).toHaveLength(4);
});

it('ends with the first script that fails', async () => {
  const host = await winpeHost({ diskpart: () => ({ exitCode: 4, stdout: 'Virtual Disk Service error\r\n' }) });
  await expect(partition(host)).rejects.toMatchObject({
    code: 'TOOL_FAILED',
    message: expect.stringMatching(/could not be cleaned: diskpart ended with 4 \(0x4\), a service it uses failed$/),
    lines: ['Virtual Disk Service error'],
  });
  expect(host.lines).toHaveLength(1);
});

it('counts sizes as diskpart does', () => {
  for (const { startBytes, bytes } of TABLE.partitions) expect([startBytes % MIB, bytes % MIB]).toEqual([0, 0]);
});
