import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MediasmithError } from '../contract/errors.ts';
import { formatBytes } from '../contract/format-bytes.ts';
import type { ManifestFile } from '../contract/manifest.ts';

/**
 * Writes a file and holds it against the manifest meanwhile. Its name is there only when it is whole. `MEDIUM_CORRUPT`
 * with `hint` where it is not what was listed.
 */
export async function keepFile(
  content: AsyncIterable<Uint8Array>,
  { path, sha256 }: ManifestFile,
  file: string,
  { hint, onBytes }: { hint: string; onBytes: (count: number) => void },
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  const hash = createHash('sha256');
  {
    await using output = await open(partial, 'w');
    for await (const chunk of content) {
      hash.update(chunk);
      await output.appendFile(chunk);
      onBytes(chunk.length);
    }
  }
  if (hash.digest('hex') !== sha256) {
    const message = `${path}: what was copied is not what the manifest says`;
    throw new MediasmithError('MEDIUM_CORRUPT', message, { where: path, hint });
  }
  await rename(partial, file);
}

/** Whether an earlier start has kept the file, and it is still what the manifest says. */
export async function isKept(file: string, { bytes, sha256 }: ManifestFile, signal: AbortSignal): Promise<boolean> {
  const there = await stat(file).catch(() => undefined);
  if (there?.size !== bytes) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1024 ** 2 }), hash, { signal }).catch((error) => {
    signal.throwIfAborted();
    hash.update(String(error));
  });
  return hash.digest('hex') === sha256;
}

/** `NO_SPACE` where `bytes` are too many for the file system of an existing folder. */
export async function refuseTooLarge(folder: string, what: string, bytes: number, hint: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return;
  const message = `${what} needs ${formatBytes(bytes)}, ${formatBytes(free)} are free in ${folder}`;
  throw new MediasmithError('NO_SPACE', message, { where: folder, hint });
}
