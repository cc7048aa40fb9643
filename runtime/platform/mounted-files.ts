import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { ManifestFile } from '../contract/manifest.ts';
import { discOfFile } from './medium-parts.ts';
import type { MediumFiles } from './platform.ts';

const CHUNK_BYTES = 1024 * 1024;

/** The files of a medium that is mounted: each is where the manifest says, below its root. */
export const MOUNTED_FILES: MediumFiles = {
  filesToVerify: (files, needed) => (needed === undefined ? files.filter(isReadAtFirst) : []),
  readMediumFile: ({ root }, path, signal) =>
    createReadStream(join(root, path), { highWaterMark: CHUNK_BYTES, signal }),
  mediumFile: async ({ root }, path) => join(root, path),
  keepFiles: async () => undefined,
  askForDiscs: () => undefined,
  missingDiscs: async () => [],
};

/** On the medium itself, or on the first disc of a set. */
export function isReadAtFirst(file: ManifestFile): boolean {
  return discOfFile(file) === 1;
}
