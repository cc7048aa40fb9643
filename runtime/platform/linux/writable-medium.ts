import { basename } from 'node:path';
import type { Exec } from '../../host/exec.ts';
import type { MountedMedium, WritableMedium } from '../platform.ts';
import { volumeFiles } from '../volume-files.ts';
import { mediumFileSystem } from './medium-file-system.ts';
import { remountArgv, syncArgv } from './mount.ts';
import { readAttribute } from './sysfs.ts';

/**
 * A stick of ours, writable until the result is disposed of. Undefined for a disc, its image on a stick, a web server,
 * and a stick whose switch protects it.
 */
export async function writableMedium(
  exec: Exec,
  sys: string,
  { root, device, launchMode }: MountedMedium,
): Promise<WritableMedium | undefined> {
  if (launchMode !== 'UFD') return undefined;
  const fileSystem = await mediumFileSystem(device);
  if (fileSystem === undefined || fileSystem === 'iso9660') return undefined;
  if ((await readAttribute(sys, 'class/block', basename(device), 'ro')) === '1') return undefined;
  await exec(remountArgv(device, root, 'write'));
  return {
    files: volumeFiles(root),
    [Symbol.asyncDispose]: async () => {
      await exec(remountArgv(device, root, 'read'));
      await exec(syncArgv());
    },
  };
}
