import { createHash } from 'node:crypto';
import { mkdir, open, rename, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { ManifestFile } from '../../contract/manifest.ts';

/** Writes a file and holds it against the manifest meanwhile. Its name is there only when it is whole. `MEDIUM_CORRUPT`. */
export async function download(
  content: AsyncIterable<Uint8Array>,
  { path, sha256 }: ManifestFile,
  file: string,
  onBytes: (count: number) => void,
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
    throw new MediasmithError('MEDIUM_CORRUPT', `${path}: what came from the web server is not what was verified`, {
      where: path,
      hint: 'Copy the tree to the server again, and look at the network: bytes have changed on their way. Then start again.',
    });
  }
  await rename(partial, file);
}

/** `NO_SPACE` where `bytes` are too many for the file system of an existing folder. */
export async function refuseTooLarge(folder: string, what: string, bytes: number, hint: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return;
  const message = `${what} needs ${formatBytes(bytes)}, ${formatBytes(free)} are free in ${folder}`;
  throw new MediasmithError('NO_SPACE', message, { where: folder, hint });
}
