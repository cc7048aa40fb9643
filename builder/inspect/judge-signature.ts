import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { type PublicKey, parsePublicKey, verifySignature } from '../../runtime/seal/minisign.ts';
import type { MediumFiles } from './medium-files.ts';

export type JudgedSignature = {
  signature: 'valid' | 'absent' | 'invalid';
  /** What is wrong with it. */
  reason?: string;
};

/**
 * Holds a manifest against its signature: with the given key, or with the one on the medium itself, which says only that
 * the medium is as somebody has made it. With a key a medium must be signed.
 */
export async function judgeSignature(
  medium: MediumFiles,
  manifest: Uint8Array,
  key: PublicKey | undefined,
): Promise<JudgedSignature> {
  const file = medium.find(MEDIUM_PATHS.manifestSignature);
  if (file === undefined) {
    const reason = `is missing: the medium is not signed, and it is to be with the key ${key?.id}`;
    return { signature: 'absent', ...(key !== undefined && { reason }) };
  }
  try {
    const text = (await medium.read(file.path)).toString('utf8');
    verifySignature(manifest, text, key ?? (await ownKey(medium)));
    return { signature: 'valid' };
  } catch (error) {
    return { signature: 'invalid', reason: reasonOf(error) };
  }
}

async function ownKey(medium: MediumFiles): Promise<PublicKey> {
  const file = medium.find(MEDIUM_PATHS.publicKey);
  if (file === undefined) throw new Error(`${MEDIUM_PATHS.publicKey} is missing`);
  return parsePublicKey((await medium.read(file.path)).toString('utf8'));
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (isMediasmithError(error) && error.code === 'SIGNATURE_INVALID') return `does not fit the manifest: ${message}`;
  return `cannot be checked: ${message}`;
}
