import { join } from 'node:path';
import { liesOnBootVolume, type ManifestFile } from '../contract/manifest.ts';
import { exists } from '../host/exists.ts';

/**
 * The files of a medium that lie on the volume of the manifest: all of them, unless it is a stick with two volumes. Then
 * what the machine has started from is on the other one, which nobody mounts here.
 */
export async function filesBeside(root: string, files: readonly ManifestFile[]): Promise<readonly ManifestFile[]> {
  for (const { path } of files.filter((file) => liesOnBootVolume(file.path))) {
    if (await exists(join(root, path))) return files;
  }
  return files.filter(({ path }) => !liesOnBootVolume(path));
}
