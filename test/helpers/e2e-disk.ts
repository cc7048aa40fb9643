import { open } from 'node:fs/promises';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { unpackedProgram } from '../../builder/tools/unpacked-program.ts';
import { exec } from '../../runtime/host/exec.ts';

export type DiskPartition = {
  start: number;
  size: number;
  type: string;
  bootable?: boolean;
  uuid?: string;
  name?: string;
  attrs?: string;
};

/** A partition table as sfdisk reads it; places and sizes in sectors. */
export type DiskTable = { label: string; id: string; sectorsize: number; partitions: DiskPartition[] };

export async function readTable(disk: string): Promise<DiskTable> {
  return JSON.parse((await sfdisk('--json', disk)).stdout).partitiontable;
}

/** The partition with the Windows of a disk that was deployed; a table of MBR has no names. */
export async function windowsPartition(disk: string): Promise<DiskPartition> {
  const { partitions } = await readTable(disk);
  const windows = partitions.find(({ name, size }) => name === 'Windows' || (name === undefined && size > 4_000_000));
  if (windows === undefined) throw new Error(`${disk} has no Windows partition`);
  return windows;
}

/** sfdisk of the boot environment's packages: Debian has it in a package that is not among those the project needs. */
export async function sfdisk(...args: string[]): Promise<{ stdout: string }> {
  const { root } = await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: () => {} });
  return exec([...unpackedProgram(root, 'usr/sbin/sfdisk', 'sfdisk'), ...args]);
}

/** A partition as a read-only block device. */
export async function withPartition<T>(
  disk: string,
  { start, size }: DiskPartition,
  work: (device: string) => Promise<T>,
): Promise<T> {
  const place = ['--offset', String(start * SECTOR_BYTES), '--sizelimit', String(size * SECTOR_BYTES)];
  const { stdout } = await exec(['losetup', '--find', '--show', '--read-only', ...place, disk]);
  const device = stdout.trim();
  try {
    return await work(device);
  } finally {
    await exec(['losetup', '--detach', device]);
  }
}

export const SECTOR_BYTES = 512;

export async function readBytes(path: string, offset: number, length: number): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
