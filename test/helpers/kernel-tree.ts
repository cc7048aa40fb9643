import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

/** A block device as the kernel shows it: its place among the devices, and its attributes. */
export type KernelDisk = {
  name: string;
  place: string;
  attributes: Record<string, string | Uint8Array>;
  partitions?: readonly number[];
};

export type KernelTree = { sys: string; proc: string; dev: string };

/** Makes /sys, /proc and /dev as far as the inventory reads them, with links where the kernel has links. */
export async function kernelTree(
  disks: readonly KernelDisk[],
  files: Record<string, string | Uint8Array> = {},
): Promise<KernelTree> {
  const root = await temporaryFolder();
  const sys = join(root, 'sys');
  await writeFiles(root, { 'proc/mounts': '', ...files });
  await mkdir(join(root, 'dev'), { recursive: true });
  for (const { name, place, attributes, partitions = [] } of disks) {
    const folder = join(sys, 'devices', place, 'block', name);
    await writeFiles(folder, attributes);
    await link(join(sys, 'block', name), folder);
    await link(join(sys, 'class/block', name), folder);
    for (const number of partitions) {
      const partition = `${name}${/\d$/.test(name) ? 'p' : ''}${number}`;
      await writeFiles(join(folder, partition), { partition: `${number}\n` });
      await link(join(sys, 'class/block', partition), join(folder, partition));
    }
  }
  return { sys, proc: join(root, 'proc'), dev: join(root, 'dev') };
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(relative(dirname(path), target), path);
}
