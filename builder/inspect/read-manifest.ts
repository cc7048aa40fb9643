import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import { Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { hashBytes } from '../hash.ts';
import { type MediumFiles, notAMedium } from './medium-files.ts';

const HINT = 'Copy the medium again, or build it again.';

/** `bytes` are the file as it is, which is what a signature is over. */
export type ReadManifest = { manifest: Manifest; bytes: Buffer; damage?: string };

/**
 * The manifest of a medium, held against its digest. `damage` says what is wrong with it where it can be read all the same.
 *
 * Throws `MEDIUM_CORRUPT` where it cannot, `MEDIUM_INVALID` for that of a later version.
 */
export async function readMediumManifest(medium: MediumFiles): Promise<ReadManifest> {
  const bytes = await read(medium, MEDIUM_PATHS.manifest);
  const damage = hashBytes(bytes) === (await digestOf(medium)) ? undefined : 'does not match its digest';
  const document = parse(bytes);
  const format = formatOf(document);
  if (damage === undefined && format !== undefined && format > 1) throw later(medium.path, format);
  const result = Manifest.safeParse(document);
  if (!result.success)
    throw corruptManifest(medium.path, damage ?? 'is not a manifest this version reads', result.error);
  return { manifest: result.data, bytes, ...(damage !== undefined && { damage }) };
}

/** The error for a manifest that nothing can be said by. */
export function corruptManifest(path: string, reason: string, cause?: unknown): MediasmithError {
  return new MediasmithError('MEDIUM_CORRUPT', `${MEDIUM_PATHS.manifest} of ${path} ${reason}`, {
    where: MEDIUM_PATHS.manifest,
    hint: HINT,
    // A list of problems in a document that no person wrote helps nobody.
    ...(isMediasmithError(cause) && { cause }),
  });
}

async function read(medium: MediumFiles, path: string): Promise<Buffer> {
  const name = medium.find(path)?.path;
  if (name === undefined) throw corruptManifest(medium.path, `has no digest beside it: ${path} is missing`);
  try {
    return await medium.read(name);
  } catch (cause) {
    throw corruptManifest(medium.path, 'cannot be read', cause);
  }
}

/** sha256sum's format: the digest comes first. */
async function digestOf(medium: MediumFiles): Promise<string> {
  return (await read(medium, MEDIUM_PATHS.manifestDigest)).toString('latin1', 0, 64);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function formatOf(document: unknown): number | undefined {
  if (typeof document !== 'object' || document === null || !('formatVersion' in document)) return undefined;
  return typeof document.formatVersion === 'number' ? document.formatVersion : undefined;
}

function later(path: string, format: number): MediasmithError {
  return notAMedium(
    path,
    `was made by a later version of Mediasmith: its manifest has the format ${format}, this version reads 1`,
    'Use the version that has made it, or a later one.',
  );
}
