import { mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isMediasmithError } from '../../contract/errors.ts';
import type { Argv, Exec } from '../../host/exec.ts';
import type { MountedVolume } from '../platform.ts';
import { volumeFiles } from '../volume-files.ts';

export type FileSystem = 'ntfs' | 'fat32' | 'exfat' | 'iso9660';

/**
 * Pure: the command that mounts. NTFS by ntfs-3g, which gives new files the rights of their folder as Windows does, but
 * only when it is told how users map; without that everyone may do everything with them (manual page, "inherit").
 */
export function mountArgv(fileSystem: FileSystem, device: string, folder: string, access: 'read' | 'write'): Argv {
  const mode = access === 'read' ? 'ro' : 'rw';
  if (fileSystem === 'ntfs') {
    const options = `${mode},inherit,noatime,usermapping=${userMappingFile(folder)}`;
    return ['ntfs-3g', '-o', options, device, folder];
  }
  if (fileSystem === 'fat32')
    return ['mount', '-t', 'vfat', '-o', `${mode},iocharset=utf8,shortname=mixed`, device, folder];
  if (fileSystem === 'exfat') return ['mount', '-t', 'exfat', '-o', `${mode},iocharset=utf8`, device, folder];
  return ['mount', '-t', 'iso9660', '-o', 'ro,iocharset=utf8', device, folder];
}

/** Pure: the command that changes whether a mounted volume can be written; the kernel keeps everything else as it is. */
export function remountArgv(device: string, folder: string, access: 'read' | 'write'): Argv {
  return ['mount', '-o', `remount,${access === 'read' ? 'ro' : 'rw'}`, device, folder];
}

/** Pure. */
export function unmountArgv(folder: string): Argv {
  return ['umount', folder];
}

/** Pure: everything that was written, onto the disks. */
export function syncArgv(): Argv {
  return ['sync'];
}

/** How the names of the folders begin that volumes are mounted into. */
export const MOUNT_NAME = 'volume-';

/** Any user and group is a made-up one of no domain; root's own files come out as the administrators'. */
const USER_MAPPING = '::S-1-5-21-3141592653-589793238-462643383-10000\n';

function userMappingFile(folder: string): string {
  return `${folder}.users`;
}

/** Mounts into a new folder; disposing of the result unmounts and leaves nothing behind. */
export async function mountVolume(
  exec: Exec,
  fileSystem: FileSystem,
  device: string,
  access: 'read' | 'write',
): Promise<MountedVolume> {
  const path = await mkdtemp(join(tmpdir(), MOUNT_NAME));
  try {
    // Read once, before ntfs-3g returns.
    if (fileSystem === 'ntfs') await writeFile(userMappingFile(path), USER_MAPPING);
    await exec(mountArgv(fileSystem, device, path, access));
  } catch (error) {
    await rmdir(path);
    throw error;
  } finally {
    await rm(userMappingFile(path), { force: true });
  }
  return {
    path,
    files: volumeFiles(path),
    [Symbol.asyncDispose]: async () => {
      await unmount(exec, path);
      await rmdir(path);
      if (access === 'write') await exec(syncArgv());
    },
  };
}

const TRIES = 10;
const PAUSE_MS = 100;

/** What looks at every new volume for a moment, as udev does, holds it meanwhile. */
async function unmount(exec: Exec, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return void (await exec(unmountArgv(path)));
    } catch (error) {
      const busy = isMediasmithError(error) && error.lines.some((line) => /busy/.test(line));
      if (!busy || attempt === TRIES) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}
