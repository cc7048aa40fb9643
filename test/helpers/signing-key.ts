import { createPrivateKey, createPublicKey, scryptSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes } from '../../builder/hash.ts';
import { openSigner, type Signer } from '../../builder/signing/signer.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { publicKeyFile } from '../../runtime/seal/minisign.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

/** An Ed25519 private key in PKCS #8 (RFC 8410) is this and its seed. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Limits that libsodium calls interactive: N 16384, 16 MiB. */
const OPERATIONS = 524288n;
const MEMORY = 16777216n;

/** The text of a secret key file as minisign writes it, from a seed; with a password the secret part is encrypted. */
export function secretKeyText(seed: number, password?: string): string {
  const seedBytes = Buffer.alloc(32, seed);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seedBytes]), format: 'der', type: 'pkcs8' });
  const publicHalf = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const secret = Buffer.concat([Buffer.alloc(8, seed + 1), seedBytes, publicHalf, Buffer.alloc(32)]);
  const salt = Buffer.alloc(32, 7);
  const limits = Buffer.alloc(16);
  if (password !== undefined) {
    limits.writeBigUInt64LE(OPERATIONS, 0);
    limits.writeBigUInt64LE(MEMORY, 8);
    const stream = scryptSync(password, salt, secret.length, { N: 16384, r: 8, p: 1, maxmem: 64 * 1024 ** 2 });
    for (const [index, byte] of stream.entries()) secret[index] = (secret[index] ?? 0) ^ byte;
  }
  const kdf = Buffer.from(password === undefined ? '\0\0' : 'Sc');
  const data = Buffer.concat([Buffer.from('Ed'), kdf, Buffer.from('B2'), salt, limits, secret]);
  return `untrusted comment: minisign encrypted secret key\n${data.toString('base64')}\n`;
}

/** Somebody who signs, always the same for the same seed. */
export async function aSigner(seed = 1): Promise<Signer> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'minisign.key': secretKeyText(seed) });
  const signer = await openSigner({ key: join(folder, 'minisign.key') });
  if (signer === undefined) throw new Error('a key that is none');
  return signer;
}

/** Signs the manifest of a medium as it is now, and puts the public key onto it. */
export async function signMedium(root: string, signer: Signer): Promise<void> {
  const manifest = await readFile(join(root, MEDIUM_PATHS.manifest));
  await writeFiles(root, {
    [MEDIUM_PATHS.manifestSignature]: signer.sign(manifest, 'a-medium'),
    [MEDIUM_PATHS.publicKey]: publicKeyFile(signer.publicKey),
  });
}

/** Changes the manifest of a medium as somebody would who knows of its digest. */
export async function forgeManifest(root: string, change: (text: string) => string): Promise<void> {
  const text = change(await readFile(join(root, MEDIUM_PATHS.manifest), 'utf8'));
  const digest = `${hashBytes(Buffer.from(text))}  manifest.json\n`;
  await writeFiles(root, { [MEDIUM_PATHS.manifest]: text, [MEDIUM_PATHS.manifestDigest]: digest });
}
