import type { ManifestFile } from '../contract/manifest.ts';
import { partPath } from '../wim/split-parts.ts';

/** The file of the medium and, where it is the first part of a split image, the others. */
export function partsOf(files: readonly ManifestFile[], path: string): ManifestFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const first = byPath.get(path);
  if (first === undefined) throw new Error(`the manifest does not list ${path}`);
  const parts = [first];
  if (!/\.swm$/i.test(path)) return parts;
  for (;;) {
    const next = byPath.get(partPath(path, parts.length + 1).replaceAll('\\', '/'));
    if (next === undefined) return parts;
    parts.push(next);
  }
}

/** The disc of its set that a file lies on. */
export function discOfFile({ disc = 1 }: Pick<ManifestFile, 'disc'>): number {
  return disc;
}
