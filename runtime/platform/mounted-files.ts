import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { MediumFiles } from './platform.ts';

const CHUNK_BYTES = 1024 * 1024;

/** The files of a medium that is mounted: each is where the manifest says, below its root. */
export const MOUNTED_FILES: MediumFiles = {
  filesToVerify: (files, needed) => (needed === undefined ? files : []),
  readMediumFile: ({ root }, path, signal) =>
    createReadStream(join(root, path), { highWaterMark: CHUNK_BYTES, signal }),
  mediumFile: async ({ root }, path) => join(root, path),
};
