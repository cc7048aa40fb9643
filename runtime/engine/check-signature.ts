import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import { MEDIUM_PATHS } from '../contract/manifest.ts';
import { parsePublicKey, verifySignature } from '../seal/minisign.ts';

/** Who must have signed a medium. */
export type Trust = {
  /** As minisign writes it; without one every medium is taken. */
  publicKey?: string | undefined;
  log?: (message: string) => void;
};

const HINT = 'Nothing on this machine was changed. Use a medium as it was built, and ask whoever gave you this one.';

/**
 * Holds the manifest of a medium against its signature. `SIGNATURE_INVALID` where there is a key and the manifest is not
 * signed, or not with it, or not as it is now.
 */
export async function checkSignature(
  root: string,
  manifest: Uint8Array,
  { publicKey, log = () => undefined }: Trust,
): Promise<void> {
  const text = await readSignature(root);
  if (publicKey === undefined) {
    if (text !== undefined) log('the medium is signed, but this environment has no key to hold the signature against');
    return;
  }
  if (text === undefined) throw refused('is not signed', publicKey);
  try {
    const { trustedComment } = verifySignature(manifest, text, parsePublicKey(publicKey));
    log(`the medium is signed with the key ${parsePublicKey(publicKey).id}: ${trustedComment}`);
  } catch (cause) {
    if (!isMediasmithError(cause) || cause.code !== 'SIGNATURE_INVALID') throw cause;
    throw refused(`is not the one that was signed: ${cause.message}`, publicKey);
  }
}

/** Undefined where there is none. */
async function readSignature(root: string): Promise<string | undefined> {
  const path = MEDIUM_PATHS.manifestSignature;
  try {
    return await readFile(join(root, path), 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new MediasmithError('MEDIUM_CORRUPT', `${path}: cannot be read`, { where: path, hint: HINT, cause });
  }
}

function refused(what: string, publicKey: string): MediasmithError {
  return new MediasmithError('SIGNATURE_INVALID', `the manifest of this medium ${what}`, {
    where: MEDIUM_PATHS.manifestSignature,
    lines: [`this environment starts only media that are signed with the key ${parsePublicKey(publicKey).id}`],
    hint: HINT,
  });
}
