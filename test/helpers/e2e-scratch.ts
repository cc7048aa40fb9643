import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/**
 * A folder for the tests of one file, removed after them; valid inside hooks and tests. The tests need root: the image
 * is made on a mounted volume, and deployed volumes are opened through loop devices.
 */
export function useScratchFolder(): (...parts: string[]) => string {
  let folder: string;
  beforeAll(async () => {
    if (process.getuid?.() !== 0) throw new Error('The end-to-end tests need root: run them with sudo.');
    folder = await mkdtemp(join(tmpdir(), 'mediasmith-e2e-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return (...parts) => join(folder, ...parts);
}
