import { MediasmithError } from '../../contract/errors.ts';
import type { Argv, Exec } from '../../host/exec.ts';
import type { KeepPlace } from '../content-source.ts';
import type { MountedVolume, TargetDisk, TargetVolume } from '../platform.ts';
import { readAt, writeAt } from '../raw-disk.ts';
import { growNtfs } from './grow-ntfs.ts';
import { mountVolume } from './mount.ts';

const LABEL = 'MEDIASMITH';
/** More than a boot sector: what follows it is of no use without it. */
const HEAD_BYTES = 64 * 1024;

/**
 * The end of a volume, beyond its file system, as a file system of its own: the image is written onto the volume while it
 * is not mounted, so its content cannot lie on the volume itself. The table never says anything of it.
 */
export function contentPlace(exec: Exec, target: TargetDisk, { make }: { make: boolean }): KeepPlace | undefined {
  const { contentRoom } = target;
  const volume = target.volumes.find(({ number }) => number === contentRoom?.volume);
  if (contentRoom === undefined || volume === undefined) return undefined;
  let toMake = make;
  let opened: { mounted: MountedVolume; loop: string } | undefined;
  const leave = async (): Promise<void> => {
    const open = opened;
    opened = undefined;
    if (open === undefined) return;
    await open.mounted[Symbol.asyncDispose]();
    await exec(detachArgv(open.loop));
  };
  return {
    name: volume.name,
    open: async () => {
      opened ??= await openRoom(exec, volume, contentRoom.offsetBytes, toMake);
      toMake = false;
      return opened?.mounted.path;
    },
    leave,
    clear: async () => {
      await leave();
      await clearContent(exec, target);
    },
  };
}

/**
 * Gives the room back to the volume: its file system grows over it. May be done again after a cut. First the room is made
 * unreadable, so that no later start takes for content what belongs to Windows by then.
 */
export async function clearContent(exec: Exec, { contentRoom, volumes }: TargetDisk): Promise<void> {
  const volume = volumes.find(({ number }) => number === contentRoom?.volume);
  if (contentRoom === undefined || volume === undefined) return;
  const { device } = volume;
  if (!(await isGrown(device, contentRoom.offsetBytes))) {
    await writeAt(device, Buffer.alloc(HEAD_BYTES), contentRoom.offsetBytes);
  }
  try {
    await growNtfs(exec, device);
  } catch (cause) {
    throw new MediasmithError('TOOL_FAILED', `the volume "${volume.name}" cannot take back the room of the content`, {
      where: device,
      hint: 'The disk starts nothing. Start the sequence from its beginning.',
      cause,
    });
  }
}

/** Pure: shows a device from an offset to its end as a device of its own. Options that busybox has as well. */
export function attachArgv(loop: string, device: string, offsetBytes: number): Argv {
  return ['losetup', '-o', String(offsetBytes), loop, device];
}

export function detachArgv(loop: string): Argv {
  return ['losetup', '-d', loop];
}

/** Pure: the file system the content lies on: files may be larger than FAT32 can hold. */
export function makeArgv(loop: string): Argv {
  return ['mkntfs', '--quick', '--force', '--quiet', '--label', LABEL, loop];
}

/** Undefined where an earlier start has left none that can be read: it is never made anew there. */
async function openRoom(
  exec: Exec,
  { device }: TargetVolume,
  offsetBytes: number,
  make: boolean,
): Promise<{ mounted: MountedVolume; loop: string } | undefined> {
  const loop = (await exec(['losetup', '-f'])).stdout.trim();
  await exec(attachArgv(loop, device, offsetBytes));
  try {
    if (make) await exec(makeArgv(loop));
    return { mounted: await mountVolume(exec, 'ntfs', loop, 'write'), loop };
  } catch (error) {
    await exec(detachArgv(loop));
    if (make) throw error;
    return undefined;
  }
}

/** Places in the first sector of an NTFS volume. */
const SECTOR_BYTES_OFFSET = 11;
const SECTORS_OFFSET = 40;
const SECTOR_BYTES = 512;

/** Whether the file system has grown beyond the place already: then it is Windows' own. */
async function isGrown(device: string, offsetBytes: number): Promise<boolean> {
  const boot = await readAt(device, 0, SECTOR_BYTES);
  if (boot.length < SECTOR_BYTES) return false;
  const sectorBytes = boot.readUInt16LE(SECTOR_BYTES_OFFSET);
  return Number(boot.readBigUInt64LE(SECTORS_OFFSET)) * sectorBytes > offsetBytes;
}
