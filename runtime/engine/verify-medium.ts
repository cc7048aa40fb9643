import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import { Manifest, type ManifestFile, MEDIUM_PATHS } from '../contract/manifest.ts';
import type { Progress } from '../platform/platform.ts';
import { checkSignature, type Trust } from './check-signature.ts';

const HINT = 'Nothing on this machine was changed. Make the medium again, or use another stick or disc.';

/**
 * Reads the manifest of a medium and holds it against its own digest, then its signature against the key of those who must
 * have signed it. `MEDIUM_CORRUPT` names the file, `SIGNATURE_INVALID` says what is wrong with the signature.
 */
export async function readManifest(root: string, trust: Trust = {}): Promise<Manifest> {
  const corrupt = (path: string, message: string, cause?: unknown): MediasmithError =>
    new MediasmithError('MEDIUM_CORRUPT', `${path}: ${message}`, {
      where: path,
      hint: HINT,
      ...(cause !== undefined && { cause }),
    });
  const read = async (path: string): Promise<Buffer> => {
    try {
      return await readFile(join(root, path));
    } catch (cause) {
      throw corrupt(path, 'cannot be read', cause);
    }
  };
  const bytes = await read(MEDIUM_PATHS.manifest);
  const digest = (await read(MEDIUM_PATHS.manifestDigest)).toString('utf8').slice(0, 64);
  if (createHash('sha256').update(bytes).digest('hex') !== digest)
    throw corrupt(MEDIUM_PATHS.manifest, 'does not match its digest');
  await checkSignature(root, bytes, trust);
  const result = Manifest.safeParse(parsed(bytes));
  if (result.success) return result.data;
  throw corrupt(MEDIUM_PATHS.manifest, 'is not a manifest this version reads', result.error);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A file of the medium, by its path there, from its beginning to its end. */
export type ReadFile = (path: string, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** Reads files of a medium and compares them with the manifest. Throws `MEDIUM_CORRUPT` with the name of each bad one. */
export async function verifyFiles(
  read: ReadFile,
  files: readonly ManifestFile[],
  task: { signal: AbortSignal; onProgress: Progress },
): Promise<void> {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let doneBytes = 0;
  const bad: string[] = [];
  for (const file of files) {
    const reason = await compare(read(file.path, task.signal), file, task.signal, (bytes) => {
      doneBytes += bytes;
      task.onProgress({ doneBytes, totalBytes });
    });
    if (reason !== undefined) bad.push(`${file.path}: ${reason}`);
  }
  if (bad.length === 0) return;
  throw new MediasmithError(
    'MEDIUM_CORRUPT',
    `the medium is damaged: ${bad[0]}${bad.length > 1 ? ` (and ${bad.length - 1} more)` : ''}`,
    {
      lines: bad,
      hint: HINT,
    },
  );
}

async function compare(
  content: AsyncIterable<Uint8Array>,
  { bytes, sha256 }: ManifestFile,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  let read = 0;
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      read += chunk.length;
      onBytes(chunk.length);
    }
  } catch (error) {
    signal.throwIfAborted();
    // What says itself what to do is no damage: a server that does not answer.
    if (isMediasmithError(error)) throw error;
    return `cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
  if (read !== bytes) return `has ${read} bytes, the manifest says ${bytes}`;
  return hash.digest('hex') === sha256 ? undefined : 'its content has changed';
}
