import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import type { TemporaryFolder } from './platform.ts';
import { volumeFiles } from './volume-files.ts';

/** Nobody else's folder has such a name. */
const OF_A_STEP = 'step-mediasmith_';

/** A new folder of the system's own for temporary files. */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), OF_A_STEP));
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

/**
 * Removes from `folder` what runs have left that a restart or a power cut has ended: a batch file may hold a secret. An
 * installed Windows has no RAM disk that would take it along. What was made since the machine has started stays: a
 * program may still be at work in it.
 */
export async function removeLeftFolders(folder = tmpdir()): Promise<void> {
  const start = Date.now() - uptime() * 1000;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(OF_A_STEP)) continue;
    const path = join(folder, name);
    const made = await lstat(path).catch(() => undefined);
    if (made === undefined || made.mtimeMs >= start) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
