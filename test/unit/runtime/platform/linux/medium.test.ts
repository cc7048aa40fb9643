import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findMedium } from '../../../../../runtime/platform/linux/medium.ts';
import { writableMedium } from '../../../../../runtime/platform/linux/writable-medium.ts';
import { kernelTree } from '../../../../helpers/kernel-tree.ts';
import { folderMounts } from '../../../../helpers/mounts.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const ID = '3b241101-e2bb-4255-8caf-4136c566a962';
const OTHER = '00000000-0000-8000-8000-000000000000';
const PLACE = 'pci0000:00/usb1/1-1/1-1:1.0/host0';

/** The first bytes of volumes, as far as a file system is known by them. */
const VOLUMES = {
  iso9660: block({ 32769: 'CD001' }),
  fat32: block({ 3: 'MSDOS5.0', 82: 'FAT32   ' }),
  exfat: block({ 3: 'EXFAT   ' }),
  ntfs: block({ 3: 'NTFS    ' }),
  table: block({ 510: '\x55\xaa' }),
} as const;

function block(words: Record<number, string>): Buffer {
  const bytes = Buffer.alloc(0x9000);
  for (const [offset, word] of Object.entries(words)) bytes.write(word, Number(offset), 'latin1');
  return bytes;
}

/** A machine with one disk: what its partitions hold, the whole disk as number 0, and the ids of media on them. */
async function machine(
  holds: Record<number, keyof typeof VOLUMES>,
  ids: Record<number, string>,
  protectedDisk = false,
) {
  const numbers = Object.keys(holds).map(Number);
  const partitions = numbers.filter((number) => number > 0);
  const { sys, dev } = await kernelTree([{ name: 'sda', place: PLACE, attributes: { removable: '1\n' }, partitions }]);
  const folder = await temporaryFolder();
  const folders: Record<string, string> = {};
  for (const number of numbers) {
    const name = number === 0 ? 'sda' : `sda${number}`;
    await writeFile(join(dev, name), VOLUMES[holds[number] ?? 'table']);
    await writeFile(join(sys, 'class/block', name, 'ro'), protectedDisk ? '1\n' : '0\n');
    const id = ids[number];
    const text = id === undefined ? {} : { 'mediasmith/manifest.json': `{ "id": "${id}" }` };
    await writeFiles(join(folder, name), { 'a-file': '', ...text });
    folders[join(dev, name)] = join(folder, name);
  }
  const lines: string[] = [];
  return { sys, dev, lines, exec: folderMounts(folders, lines) };
}

describe('findMedium', () => {
  it.each([
    ['the image of a disc on a stick', { 0: 'iso9660', 1: 'fat32' }, 0, 'sda'],
    ['a stick with one volume', { 0: 'table', 1: 'fat32' }, 1, 'sda1'],
    ['a stick with two volumes, on that with the data', { 0: 'table', 1: 'exfat', 2: 'fat32' }, 1, 'sda1'],
    ['a stick whose data come last', { 0: 'table', 1: 'ntfs', 2: 'fat32', 3: 'exfat' }, 3, 'sda3'],
  ] as const)('finds %s, and names the whole disk', async (_, holds, number, name) => {
    const { sys, dev, exec } = await machine(holds, { [number]: ID });
    const { device, disk } = await findMedium(exec, sys, dev, ID);
    expect({ device, disk }).toEqual({ device: join(dev, name), disk: 'sda' });
  });

  it('mounts nothing for writing, and leaves other media alone', async () => {
    const { sys, dev, exec, lines } = await machine({ 1: 'exfat', 2: 'fat32', 3: 'ntfs' }, { 1: OTHER, 2: ID });
    await findMedium(exec, sys, dev, ID);
    expect(lines).toEqual([
      `mount -t exfat -o ro,iocharset=utf8 ${join(dev, 'sda1')} MOUNT`,
      'umount MOUNT',
      `mount -t vfat -o ro,iocharset=utf8,shortname=mixed ${join(dev, 'sda2')} MOUNT`,
    ]);
  });
});

describe('writableMedium', () => {
  async function onStick(holds: Record<number, keyof typeof VOLUMES>, protectedDisk?: boolean) {
    const { sys, dev, exec, lines } = await machine(holds, { 1: ID }, protectedDisk);
    const { mounted, device, disk } = await findMedium(exec, sys, dev, ID);
    lines.length = 0;
    const medium = { root: mounted.path, device, disk, launchMode: 'UFD' as const };
    return { medium, device, lines, open: (wish = {}) => writableMedium(exec, sys, { ...medium, ...wish }) };
  }

  it.each(['fat32', 'exfat'] as const)('can be written on a stick with %s, for as long as it is open', async (kind) => {
    const { device, lines, open } = await onStick({ 1: kind });
    {
      await using writable = await open();
      await writable?.files.write('results/result.json', '{}');
      expect(lines).toEqual([`mount -o remount,rw ${device} MOUNT`]);
      expect(await writable?.files.exists('results/result.json')).toBe(true);
    }
    expect(lines.slice(1)).toEqual([`mount -o remount,ro ${device} MOUNT`, 'sync']);
  });

  it.each([
    ['the image of a disc', { 1: 'iso9660' }, false, {}],
    ['a protected stick', { 1: 'fat32' }, true, {}],
    ['a web server', { 1: 'fat32' }, false, { launchMode: 'PXE' }],
  ] as const)('is none on %s', async (_, holds, protectedDisk, wish) => {
    const { lines, open } = await onStick(holds, protectedDisk);
    expect(await open(wish)).toBeUndefined();
    expect(lines).toEqual([]);
  });
});
