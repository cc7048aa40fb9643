import { describe, expect, it } from 'vitest';
import { GPT_TYPES } from '../../../../../runtime/platform/partition-table.ts';
import { readMachine } from '../../../../../runtime/platform/winpe/machine.ts';
import { findMedium, writableMedium } from '../../../../../runtime/platform/winpe/medium.ts';
import { prestagedMedium, withPrestaged } from '../../../../../runtime/platform/winpe/prestaged-medium.ts';
import { MEDIUM_ID } from '../../../../helpers/fake-medium.ts';
import { oneVolume, type PartitionWish, prestagedFiles, twoVolumes } from '../../../../helpers/prestaged-partitions.ts';
import { MIB, type PrestagedWinpe, prestagedWinpe } from '../../../../helpers/prestaged-winpe.ts';

async function found({ host }: PrestagedWinpe) {
  const medium = await findMedium(host, MEDIUM_ID);
  const there = await prestagedMedium(host, medium);
  const { disks } = await withPrestaged(await readMachine(host, [medium.disk]), there);
  return { medium, there, disk: disks[0] };
}

const OTHER: PartitionWish = {
  number: 4,
  startBytes: 2000 * MIB,
  bytes: 100 * MIB,
  fileSystem: 'ntfs',
  type: GPT_TYPES.primary,
};

describe('a medium that lies on the disk of the machine', () => {
  it('of two volumes, one of them without a letter', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    const { medium, there, disk } = await found(winpe);
    expect(medium).toMatchObject({ device: 'D:', launchMode: 'HD', prestaged: true });
    expect(writableMedium(medium)).toBeUndefined();
    expect(there?.partitions.map(({ role, number, letter }) => [role, number, letter])).toEqual([
      ['data', 2, 'D'],
      ['boot', 3, undefined],
    ]);
    expect(disk).toMatchObject({ holdsMedium: true, prestagedBytes: 1300 * MIB, empty: true, unfinished: false });
    expect(winpe.host.lines).toEqual([]);
  });

  it('on an MBR disk, where both have letters', async () => {
    const { there, disk } = await found(await prestagedWinpe(twoVolumes('mbr'), { style: 'mbr' }));
    expect(there?.partitions.map(({ letter }) => letter)).toEqual(['D', 'E']);
    expect(disk).toMatchObject({ prestagedBytes: 1300 * MIB, empty: true });
  });

  it('of one volume', async () => {
    const { there, disk } = await found(await prestagedWinpe(oneVolume()));
    expect(there?.partitions.map(({ role }) => role)).toEqual(['data']);
    expect(disk).toMatchObject({ prestagedBytes: 1300 * MIB, empty: true });
  });

  it('beside something else: the disk is not empty', async () => {
    const { disk } = await found(await prestagedWinpe([...oneVolume(), OTHER]));
    expect(disk).toMatchObject({ prestagedBytes: 1300 * MIB, empty: false });
  });

  it('gives the volume a letter that cannot be read without one', async () => {
    const winpe = await prestagedWinpe(twoVolumes('gpt'));
    winpe.host.volume = () => '/nowhere';
    const { there } = await found(winpe);
    expect(there?.partitions.map(({ letter }) => letter)).toEqual(['D', 'Z']);
    expect(winpe.host.lines).toEqual([expect.stringMatching(/select partition 3; assign letter=Z$/)]);
  });

  it('takes the nearest of two volumes that it could start from', async () => {
    const [data, boot, core] = twoVolumes('gpt');
    if (data === undefined || boot === undefined || core === undefined) throw new Error('three');
    const second = { ...boot, number: 5, startBytes: 30_000 * MIB };
    const { there, disk } = await found(await prestagedWinpe([data, second, core, boot]));
    expect(there?.partitions.map(({ number }) => number)).toEqual([2, 3]);
    expect(disk?.empty).toBe(false);
  });
});

describe('is an ordinary medium', () => {
  it.each([
    ['on a stick', { bus: 7 }],
    ['on a card', { bus: 12 }],
    ['on what calls itself removable', { bus: 17, removable: true }],
  ])('%s', async (_, kind) => {
    const winpe = await prestagedWinpe(oneVolume());
    winpe.host.windows.disks[winpe.host.disk(0)] = { bytes: 40_000 * MIB, ...kind };
    const { medium, there, disk } = await found(winpe);
    expect(medium).toMatchObject({ launchMode: 'UFD' });
    expect(medium).not.toHaveProperty('prestaged');
    expect(there).toBeUndefined();
    expect(disk).not.toHaveProperty('prestagedBytes');
  });

  it('that was not made for it', async () => {
    const files = prestagedFiles();
    const manifest = files['mediasmith/manifest.json']?.replace('"prestaged"', '"other"') ?? '';
    const winpe = await prestagedWinpe(oneVolume({ ...files, 'mediasmith/manifest.json': manifest }));
    expect((await found(winpe)).medium.launchMode).toBe('UFD');
  });

  it('whose volume to start from is nowhere: its disk is not touched', async () => {
    const [data] = twoVolumes('gpt');
    const winpe = await prestagedWinpe(data === undefined ? [] : [data]);
    expect((await found(winpe)).disk).not.toHaveProperty('prestagedBytes');
    expect(winpe.host.messages).toContainEqual(
      expect.stringMatching(/^warning: the volume that the medium starts from/),
    );
  });
});
