import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { createDisk } from '../../builder/boot-test/disk.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { unpackedProgram } from '../../builder/tools/unpacked-program.ts';
import { exec } from '../../runtime/host/exec.ts';
import { mountVolume } from '../../runtime/platform/linux/mount.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { readTable, withPartition } from './e2e-disk.ts';
import { GIB } from './e2e-machine.ts';
import { writeFiles } from './temporary-folder.ts';

const SECTOR_BYTES = 512;
const EFI = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';
const BASIC_DATA = 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7';

/** What a Windows leaves behind and no image may have. */
export const LEFT_BEHIND = {
  'pagefile.sys': 'x'.repeat(100_000),
  'hiberfil.sys': '\0'.repeat(4096),
  'System Volume Information/tracking.log': 'x',
  '$Recycle.Bin/S-1-5-18/desktop.ini': 'x',
};

/** A disk with a Windows, its second partition, that was used, generalised and shut down. */
export async function referenceDisk(disk: string, wim: string): Promise<string> {
  await partition(disk, `size=100MiB, type=${EFI}\ntype=${BASIC_DATA}, name=Windows\n`);
  await withWritable(disk, 1, async (device) => {
    await exec(['mkntfs', '--quick', '--quiet', '--force', '--label', 'Windows', device]);
    using image = await WimFile.open(wim);
    await image.applyToNtfsVolume(1, device);
    await using mounted = await mountVolume(exec, 'ntfs', device, 'write');
    await writeFiles(mounted.path, LEFT_BEHIND);
  });
  return disk;
}

/** A disk with one empty volume. */
export async function dataDisk(disk: string): Promise<string> {
  await partition(disk, `type=${BASIC_DATA}\n`);
  await withWritable(disk, 0, (device) => exec(['mkntfs', '--quick', '--quiet', '--force', '--label', 'DATA', device]));
  return disk;
}

async function partition(disk: string, script: string): Promise<void> {
  await createDisk(disk, GIB);
  const { root } = await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: () => {} });
  await exec([...unpackedProgram(root, 'usr/sbin/sfdisk', 'sfdisk'), '--quiet', disk], {
    input: `label: gpt\n${script}`,
  });
}

/** Works on a volume through a device that cannot be written. */
export async function withVolume<T>(disk: string, nth: number, work: (device: string) => Promise<T>): Promise<T> {
  const entry = (await readTable(disk)).partitions[nth];
  if (entry === undefined) throw new Error(`${disk} has no partition ${nth}`);
  return withPartition(disk, entry, work);
}

async function withWritable(disk: string, nth: number, work: (device: string) => Promise<unknown>): Promise<void> {
  const entry = (await readTable(disk)).partitions[nth];
  if (entry === undefined) throw new Error(`${disk} has no partition ${nth}`);
  const place = ['--offset', String(entry.start * SECTOR_BYTES), '--sizelimit', String(entry.size * SECTOR_BYTES)];
  const device = (await exec(['losetup', '--find', '--show', ...place, disk])).stdout.trim();
  try {
    await work(device);
  } finally {
    await exec(['losetup', '--detach', device]);
  }
}
