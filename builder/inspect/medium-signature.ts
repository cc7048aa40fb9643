import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { parseSignature } from '../../runtime/seal/minisign.ts';
import { judgeSignature } from './judge-signature.ts';
import type { MediumFiles } from './medium-files.ts';

export type SignatureFacts = {
  state: 'valid' | 'absent' | 'invalid';
  /** As minisign prints it; null where the signature cannot be read. */
  keyId: string | null;
  /** What is wrong with it. */
  reason: string | null;
};

/** Who has signed a manifest, as the signature says itself, and whether it fits with the key that lies on the medium. */
export async function signatureFacts(medium: MediumFiles, manifest: Uint8Array): Promise<SignatureFacts> {
  const { signature, reason } = await judgeSignature(medium, manifest, undefined);
  return { state: signature, keyId: await keyIdOf(medium), reason: reason ?? null };
}

async function keyIdOf(medium: MediumFiles): Promise<string | null> {
  const file = medium.find(MEDIUM_PATHS.manifestSignature);
  if (file === undefined) return null;
  try {
    return parseSignature((await medium.read(file.path)).toString('utf8')).keyId;
  } catch {
    return null;
  }
}
