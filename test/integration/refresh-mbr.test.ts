import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { mountVolume } from '../../runtime/platform/linux/mount.ts';
import { deactivateBoot, presentDisks, takeOverDisk } from '../../runtime/platform/linux/present-disks.ts';
import { readAt } from '../../runtime/platform/raw-disk.ts';
import { kernelTree } from '../helpers/kernel-tree.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { attachPartition } from '../helpers/windows-disk.ts';

const MIB = 1024 ** 2;
const ACTIVE = { first: 446, second: 462 };

/** A disk that BIOS starts: what starts it, and Windows. `bootmgr`: the partitions that have one. */
async function biosDisk(bootmgr: readonly number[]) {
  const attributes = { size: `${(40 * MIB) / 512}\n`, removable: '0\n', ro: '0\n' };
  const roots = await kernelTree([{ name: 'sda', place: 'pci0000:00/ata1/host0', attributes, partitions: [1, 2] }]);
  const device = join(roots.dev, 'sda');
  {
    await using file = await open(device, 'w');
    await file.truncate(40 * MIB);
  }
  const table = 'label: dos\nstart=2048, size=32768, type=7, bootable\nsize=32768, type=7\n';
  await exec(['sfdisk', '--quiet', device], { input: table });
  for (const number of [1, 2]) {
    await attachPartition(device, number);
    await exec(['mkntfs', '-F', '-Q', '-q', `${device}${number}`]);
    await using volume = await mountVolume(exec, 'ntfs', `${device}${number}`, 'write');
    await writeFiles(volume.path, { here: '', ...(bootmgr.includes(number) && { BOOTMGR: 'x' }) });
  }
  const theDisk = async () => {
    const [disk] = await presentDisks(exec, roots);
    const windows = disk?.volumes[1];
    if (disk === undefined || windows === undefined) throw new Error('no disk is shown');
    return takeOverDisk(exec, disk, windows);
  };
  const active = async (): Promise<number[]> => {
    const sector = await readAt(device, 0, 512);
    return [sector[ACTIVE.first] ?? 0, sector[ACTIVE.second] ?? 0];
  };
  return { theDisk, active };
}

describe.runIf(process.getuid?.() === 0)('a disk that BIOS starts', () => {
  it('has no active volume while its Windows is replaced, and is known for what it is all the same', async () => {
    const { theDisk, active } = await biosDisk([1]);
    const target = await theDisk();
    expect(target).toMatchObject({ style: 'mbr', replacing: 2 });
    expect(target.volumes.map(({ role }) => role)).toEqual(['system', 'primary']);
    expect(await active()).toEqual([0x80, 0]);
    await deactivateBoot(exec, target);
    expect(await active()).toEqual([0, 0]);
    expect((await theDisk()).volumes.map(({ role }) => role)).toEqual(['system', 'primary']);
  });

  it('is refused where nothing tells what starts it', async () => {
    const { theDisk, active } = await biosDisk([]);
    await deactivateBoot(exec, await theDisk());
    await expect(theDisk()).rejects.toMatchObject({ code: 'VOLUME_NOT_FOUND' });
    expect(await active()).toEqual([0, 0]);
  });

  it('is refused where Windows starts itself', async () => {
    const { theDisk } = await biosDisk([2]);
    await deactivateBoot(exec, await theDisk());
    await expect(theDisk()).rejects.toThrow('the boot files of');
  });
});
