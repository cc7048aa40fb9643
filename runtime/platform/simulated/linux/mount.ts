import { basename } from 'node:path/posix';
import { MOUNT_NAME, mountArgv, syncArgv, unmountArgv } from '../../linux/mount.ts';
import type { MountedVolume, TargetVolume } from '../../platform.ts';
import type { SimulatedWorld } from '../world.ts';

/** Where the boot environment has its temporary files. */
export const TEMPORARY = '/tmp';

export type Mountable = Pick<TargetVolume, 'device'> & { fileSystem: TargetVolume['fileSystem'] | 'exfat' };
type World = Pick<SimulatedWorld, 'exec' | 'volumes'>;

/** Where a volume is mounted: its real folder ends with letters that are drawn anew each time. */
export function mountFolder(device: string, use = ''): string {
  return `${TEMPORARY}/${MOUNT_NAME}${basename(device)}${use}`;
}

/** Mounts, and unmounts where the result is disposed of. `use`: of one that others do not see. */
export async function mountVolume(
  { exec, volumes }: World,
  { device, fileSystem }: Mountable,
  access: 'read' | 'write',
  use?: string,
): Promise<MountedVolume> {
  if (fileSystem === 'none') throw new Error(`${device} has no file system`);
  const path = mountFolder(device, use);
  await exec(mountArgv(fileSystem, device, path, access));
  return {
    path,
    files: volumes.files(`${path}/`),
    [Symbol.asyncDispose]: async () => {
      await exec(unmountArgv(path));
      if (access === 'write') await exec(syncArgv());
    },
  };
}

/** Looks at a volume without writing to it. */
export async function lookInto(world: World, volume: Mountable): Promise<void> {
  await using _ = await mountVolume(world, volume, 'read');
}
