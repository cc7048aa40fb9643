import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseDisks } from '../../../../../runtime/contract/disk-rules.ts';
import { writeClaim } from '../../../../../runtime/platform/claim.ts';
import { readMachine } from '../../../../../runtime/platform/linux/machine.ts';
import { findMedium } from '../../../../../runtime/platform/linux/medium.ts';
import { prestagedMedium, withPrestaged } from '../../../../../runtime/platform/linux/prestaged-medium.ts';
import { kernelTree } from '../../../../helpers/kernel-tree.ts';
import { aMachine } from '../../../../helpers/machine.ts';
import { aManifest } from '../../../../helpers/manifest.ts';
import { folderMounts } from '../../../../helpers/mounts.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const ID = '3b241101-e2bb-4255-8caf-4136c566a962';
const MIB = 1024 ** 2;
const SECTORS_OF_MIB = 2048;
const FIXED = 'pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0';
const SECOND = 'pci0000:00/0000:00:1f.2/ata2/host1/target1:0:0/1:0:0:0';
const USB = 'pci0000:00/usb1/1-1/1-1:1.0/host0';

type Held = { fileSystem: 'exfat' | 'fat32' | 'ntfs'; start: number; size: number; files?: Record<string, string> };

const SIGNS = { exfat: ['EXFAT   ', 3], fat32: ['FAT32   ', 82], ntfs: ['NTFS    ', 3] } as const;
const manifest = (prestaged: boolean) =>
  JSON.stringify({ ...aManifest({ id: ID }), ...(prestaged && { prestaged }) }, null, 1);
const dataOf = (prestaged = true): Held => ({
  ...{ fileSystem: 'exfat', start: 1, size: 100 },
  files: { 'mediasmith/manifest.json': manifest(prestaged) },
});
const BOOT: Held = { fileSystem: 'fat32', start: 101, size: 50, files: { [`mediasmith/bios/${ID}`]: ID } };

/** A machine with a disk, or another besides: what their partitions hold; places in MiB. */
async function machine(
  held: readonly Held[],
  { place = FIXED, removable = '0', other = [] as readonly Held[], otherPlace = SECOND } = {},
) {
  const attributes = { removable: `${removable}\n`, size: `${4096 * SECTORS_OF_MIB}\n` };
  const numbers = (volumes: readonly Held[]) => volumes.map((_, index) => index + 1);
  const second = { name: 'sdb', place: otherPlace, attributes, partitions: numbers(other) };
  const tree = await kernelTree([
    { name: 'sda', place, attributes, partitions: numbers(held) },
    ...(other.length > 0 ? [second] : []),
  ]);
  const folder = await temporaryFolder();
  const folders: Record<string, string> = {};
  await writeFile(join(tree.dev, 'sda'), Buffer.alloc(2 * MIB, 1));
  const named = [held, other].flatMap((volumes, disk) =>
    volumes.map((volume, index) => ({ ...volume, name: `sd${'ab'[disk]}${index + 1}` })),
  );
  for (const { name, fileSystem, start, size, files = {} } of named) {
    const block = Buffer.alloc(0x9000);
    const [word, offset] = SIGNS[fileSystem];
    block.write(word, offset, 'latin1');
    await writeFile(join(tree.dev, name), block);
    for (const [attribute, value] of Object.entries({ start, size }))
      await writeFile(join(tree.sys, 'class/block', name, attribute), `${value * SECTORS_OF_MIB}\n`);
    await mkdir(join(folder, name));
    await writeFiles(join(folder, name), { 'a-file': '', ...files });
    folders[join(tree.dev, name)] = join(folder, name);
  }
  const exec = folderMounts(folders);
  const found = await findMedium(exec, tree.sys, tree.dev, ID);
  const medium = await prestagedMedium(found, ID, { exec, ...tree });
  const [disk] = (
    medium === undefined
      ? await readMachine(tree, [found.disk])
      : await withPrestaged(await readMachine(tree, [found.disk]), medium, tree.sys)
  ).disks;
  return { ...tree, medium, disk };
}

describe('a prestaged medium on the disk of the machine', () => {
  it('is the disk to deploy, as if nothing were on it', async () => {
    const { medium, disk } = await machine([dataOf(), BOOT]);
    expect(medium?.partitions.map(({ role, number, startBytes, bytes }) => [role, number, startBytes, bytes])).toEqual([
      ['data', 1, MIB, 100 * MIB],
      ['boot', 2, 101 * MIB, 50 * MIB],
    ]);
    expect(disk).toMatchObject({ holdsMedium: true, prestagedBytes: 150 * MIB, empty: true });
    if (disk !== undefined) expect(chooseDisks([disk], { empty: true }).candidates).toEqual([disk]);
  });

  it('is one with a single volume as well', async () => {
    const { medium } = await machine([{ ...BOOT, files: { ...BOOT.files, ...dataOf().files } }]);
    expect(medium?.partitions.map(({ role, number }) => [role, number])).toEqual([['boot', 1]]);
  });

  it('is where it was moved to, not what a cut has left of it in a new partition', async () => {
    const system: Held = { ...dataOf(), size: 260 };
    const { medium, dev } = await machine([system, { ...dataOf(), start: 1000 }, { ...BOOT, start: 1100 }]);
    expect(medium?.partitions.map(({ role, number }) => [role, number])).toEqual([
      ['data', 2],
      ['boot', 3],
    ]);
    expect(medium?.found.device).toBe(join(dev, 'sda2'));
    const single = { ...BOOT, files: { ...BOOT.files, ...dataOf().files } };
    const { medium: one } = await machine([
      { ...single, start: 1, size: 260 },
      { ...single, start: 1000 },
    ]);
    expect(one?.partitions.map(({ role, number }) => [role, number])).toEqual([['boot', 2]]);
  });

  it('does not make a disk empty that has more on it, unless a deployment did not end there', async () => {
    const more: Held = { fileSystem: 'ntfs', start: 200, size: 900 };
    const { disk, dev, sys, medium } = await machine([dataOf(), BOOT, more]);
    expect(disk).toMatchObject({ prestagedBytes: 150 * MIB, empty: false });
    await writeFile(join(dev, 'sda'), Buffer.alloc(2 * MIB));
    await writeClaim(join(dev, 'sda'), ID, { style: 'gpt', identity: ID, partitions: [] });
    const later = medium && (await withPrestaged(aMachine({ disks: disk === undefined ? [] : [disk] }), medium, sys));
    expect(later?.disks).toMatchObject([{ empty: true }]);
  });

  it('is refused where each disk of the machine has it: which one is meant is not guessed', async () => {
    await expect(machine([dataOf(), BOOT], { other: [dataOf(), BOOT] })).rejects.toMatchObject({
      code: 'MEDIUM_NOT_FOUND',
      message: expect.stringMatching(/lies on .*sda and .*sdb$/),
    });
    const { medium } = await machine([dataOf(), BOOT], { other: [dataOf(), BOOT], otherPlace: USB });
    expect(medium?.disk).toMatch(/sda$/);
  });

  it.each([
    ['another kind of medium', [dataOf(false), BOOT], {}],
    ['one on a stick', [dataOf(), BOOT], { place: USB }],
    ['one on a card', [dataOf(), BOOT], { removable: '1' }],
    ['one whose volume to start from is elsewhere', [dataOf()], {}],
    ['one beside the start of another medium', [dataOf(), { ...BOOT, files: { 'mediasmith/bios/another': '' } }], {}],
  ] as const)('is not %s: that disk is left alone', async (_, held, where) => {
    const { medium, disk } = await machine(held, where);
    expect(medium).toBeUndefined();
    if (disk !== undefined) expect(chooseDisks([disk], { bus: ['usb', 'ata'] }).candidates).toEqual([]);
  });
});
