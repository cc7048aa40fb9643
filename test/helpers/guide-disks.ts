import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { temporaryFolder } from './temporary-folder.ts';

const GIB = 1024 ** 3;
/** The first partition that sgdisk makes begins there. */
const FIRST_OFFSET = 1024 ** 2;
/** Those of the guide. */
const SIZES = { disk: 32 * GIB, partitions: [GIB, 8 * GIB] };

/** exFAT is mounted by its FUSE program. Not every kernel has FAT: its files go into it when the folder is unmounted. */
const MOUNT = `#!/bin/sh
set -e
if mount.exfat-fuse "$1" "$2" 2>/dev/null; then exit 0; fi
minfo -i "$1" :: > /dev/null
echo "$1" > "$2.device"
`;
const UMOUNT = `#!/bin/sh
set -e
if [ ! -e "$1.device" ]; then exec /usr/bin/umount "$1"; fi
mcopy -s -i "$(cat "$1.device")" "$1"/* ::/
rm -r "$1" "$1.device"
`;

async function loopDevice(...place: string[]): Promise<string> {
  const { stdout } = await exec(['losetup', '--find', '--show', ...place]);
  onTestFinished(async () => void (await exec(['losetup', '--detach', stdout.trim()])));
  return stdout.trim();
}

/**
 * An empty disk, the device it is, its partitions as they will be, one behind the other, and a path on which mount is a
 * stand-in. Sizes in bytes.
 */
export async function emptyDisk(
  sizes: typeof SIZES = SIZES,
): Promise<{ disk: string; device: string; partitions: string[]; path: string }> {
  const folder = await temporaryFolder();
  const disk = join(folder, 'disk.img');
  await exec(['truncate', '--size', String(sizes.disk), disk]);
  const partitions: string[] = [];
  let offset = FIRST_OFFSET;
  for (const bytes of sizes.partitions) {
    partitions.push(await loopDevice('--offset', String(offset), '--sizelimit', String(bytes), disk));
    offset += bytes;
  }
  const device = await loopDevice(disk);
  for (const [name, text] of Object.entries({ mount: MOUNT, umount: UMOUNT })) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  return { disk, device, partitions, path: [folder, process.env.PATH].join(delimiter) };
}
