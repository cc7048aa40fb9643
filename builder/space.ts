import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MediasmithError } from '../runtime/contract/errors.ts';
import { formatBytes } from '../runtime/contract/format-bytes.ts';
import { exists } from '../runtime/host/exists.ts';

/** Refuses a build that would run out of room. Folders on one file system are added up. `NO_SPACE` with the sums. */
export async function refuseWithoutSpace(needs: readonly { folder: string; bytes: number }[]): Promise<void> {
  const sums = new Map<number, { folder: string; bytes: number }>();
  for (const { folder, bytes } of needs) {
    const existing = await nearestFolder(folder);
    const { dev } = await stat(existing);
    sums.set(dev, { folder: existing, bytes: (sums.get(dev)?.bytes ?? 0) + bytes });
  }
  for (const { folder, bytes } of sums.values()) {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free >= bytes) continue;
    throw new MediasmithError(
      'NO_SPACE',
      `${formatBytes(bytes)} are needed in ${folder}, ${formatBytes(free)} are free`,
      {
        where: folder,
        hint: 'Free some space, or write to another disk. Nothing was written.',
      },
    );
  }
}

/** The folder itself, or the nearest above it that exists. */
async function nearestFolder(folder: string): Promise<string> {
  return folder === dirname(folder) || (await exists(folder)) ? folder : nearestFolder(dirname(folder));
}
