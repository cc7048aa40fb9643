import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MediasmithError } from '../../contract/errors.ts';

/**
 * Copies a file of any size; it is under its name only when it is whole, and has the SHA-256 that is given.
 * `MEDIUM_CORRUPT` where it has another.
 */
export async function copyWhole(from: string, to: string, sha256?: string): Promise<void> {
  const same = await copyBeside(from, to, sha256);
  if (same) return;
  throw new MediasmithError('MEDIUM_CORRUPT', `${from} is not the file the manifest names`, {
    where: from,
    hint: 'Make the medium again, or use another stick or disc.',
  });
}

async function copyBeside(from: string, to: string, sha256: string | undefined): Promise<boolean> {
  const beside = `${to}.new`;
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, beside);
    const same = sha256 === undefined || (await hashOf(beside)) === sha256;
    if (same) {
      await rm(to, { force: true });
      await rename(beside, to);
    } else await rm(beside);
    return same;
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new MediasmithError('FILE_SYSTEM', `${from} could not be copied`, {
      where: to,
      hint: 'See that the drive of Windows has room, and that nothing else uses the file.',
      cause,
    });
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1024 ** 2 }), hash);
  return hash.digest('hex');
}
