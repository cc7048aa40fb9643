import type { PublicKey } from '../../runtime/seal/minisign.ts';
import type { SigningOptions } from '../config/media-options.ts';
import { readSecret } from '../secret-source.ts';
import { readSecretKey } from './secret-key.ts';
import { sign } from './sign.ts';

/** Who vouches for manifests. */
export type Signer = {
  publicKey: PublicKey;
  /** The signature file of a manifest. Always the same length for media ids. */
  sign(manifest: Uint8Array, mediumId: string): string;
};

/**
 * Reads the key that a project names; undefined where it names none. Throws `KEY_INVALID`, and `PROJECT_INVALID` for a
 * password that is not there.
 */
export async function openSigner(signing: SigningOptions | undefined): Promise<Signer | undefined> {
  if (signing === undefined) return undefined;
  const { key, password } = signing;
  const secret = password === undefined ? undefined : await readSecret(password, 'the password of the signing key');
  const secretKey = await readSecretKey(key, secret);
  return {
    publicKey: secretKey.publicKey,
    sign: (manifest, mediumId) => sign(manifest, secretKey, `mediasmith ${mediumId}`),
  };
}
