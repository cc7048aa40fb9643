import { mkdir, rmdir, symlink, unlink } from 'node:fs/promises';
import type { Exec } from '../../runtime/host/exec.ts';

/**
 * Programs for kernels without the file systems of media: a mounted volume is a link to the folder that stands for its
 * device; a device without a folder cannot be mounted. `lines` gets each command line, with MOUNT for where it is mounted.
 */
export function folderMounts(folders: Readonly<Record<string, string>>, lines: string[] = []): Exec {
  return async (argv) => {
    const place = argv.at(-1) ?? '';
    const device = argv.at(-2) ?? '';
    lines.push(argv.map((word) => (word === place && argv.length > 1 ? 'MOUNT' : word)).join(' '));
    if (argv[0] === 'umount') {
      await unlink(place);
      await mkdir(place);
    } else if (argv[0] === 'mount' && !argv.some((word) => word.startsWith('remount'))) {
      const folder = folders[device];
      if (folder === undefined) throw new Error(`${device} cannot be mounted`);
      await rmdir(place);
      await symlink(folder, place);
    }
    return { exitCode: 0, stdout: '', stderr: '' };
  };
}
