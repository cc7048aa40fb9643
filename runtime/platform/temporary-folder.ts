import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TemporaryFolder } from './platform.ts';
import { volumeFiles } from './volume-files.ts';

/** A new folder of the system's own for temporary files. */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'step-'));
  return {
    path,
    write: async (name, content) => {
      const file = join(path, name);
      await writeFile(file, content, { mode: 0o600 });
      return file;
    },
    read: volumeFiles(path).read,
    [Symbol.asyncDispose]: async () => {
      // Windows holds a folder for a while after the last program in it has ended. What stays is gone with the RAM disk.
      await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }).catch(() => undefined);
    },
  };
}
