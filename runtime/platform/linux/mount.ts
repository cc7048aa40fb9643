import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Argv, Exec } from '../../host/exec.ts';
import type { MountedVolume } from '../platform.ts';

export type FileSystem = 'ntfs' | 'fat32' | 'iso9660';

/** Pure: the command that mounts. NTFS by ntfs-3g, which gives new files the rights of their folder as Windows does. */
export function mountArgv(fileSystem: FileSystem, device: string, folder: string, access: 'read' | 'write'): Argv {
  const mode = access === 'read' ? 'ro' : 'rw';
  if (fileSystem === 'ntfs') return ['ntfs-3g', '-o', `${mode},inherit,noatime`, device, folder];
  if (fileSystem === 'fat32')
    return ['mount', '-t', 'vfat', '-o', `${mode},iocharset=utf8,shortname=mixed`, device, folder];
  return ['mount', '-t', 'iso9660', '-o', 'ro,iocharset=utf8', device, folder];
}

/** Mounts into a new folder; disposing of the result unmounts and leaves nothing behind. */
export async function mountVolume(
  exec: Exec,
  fileSystem: FileSystem,
  device: string,
  access: 'read' | 'write',
): Promise<MountedVolume> {
  const path = await mkdtemp(join(tmpdir(), 'volume-'));
  try {
    await exec(mountArgv(fileSystem, device, path, access));
  } catch (error) {
    await rmdir(path);
    throw error;
  }
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await exec(['umount', path]);
      await rmdir(path);
      if (access === 'write') await exec(['sync']);
    },
  };
}
