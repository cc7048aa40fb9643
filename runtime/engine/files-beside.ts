import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { liesOnBootVolume, type ManifestFile } from '../contract/manifest.ts';

/**
 * The files of a medium that lie on the volume of the manifest: all of them, unless it is a stick with two volumes. Then
 * what the machine has started from is on the other one, which nobody mounts here.
 */
export async function filesBeside(root: string, files: readonly ManifestFile[]): Promise<readonly ManifestFile[]> {
  for (const { path } of files.filter((file) => liesOnBootVolume(file.path))) {
    const there = await access(join(root, path)).then(
      () => true,
      () => false,
    );
    if (there) return files;
  }
  return files.filter(({ path }) => !liesOnBootVolume(path));
}
