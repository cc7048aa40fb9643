import { createPublicKey, type KeyObject } from 'node:crypto';

export const ALGORITHM_BYTES = 2;
export const KEY_ID_BYTES = 8;
export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** Over the file itself: keys say so too. */
export const PURE = 'Ed';
/** Over the BLAKE2b-512 of the file. */
export const PREHASHED = 'ED';

export const UNTRUSTED = 'untrusted comment: ';
export const TRUSTED = 'trusted comment: ';

/** The bytes of a line of base64; undefined where it is none, or not of this many bytes. */
export function decodeLine(line: string | undefined, bytes: number): Buffer | undefined {
  const data = Buffer.from(line ?? '', 'base64');
  return data.length === bytes && data.toString('base64') === line ? data : undefined;
}

/** A key's id as minisign prints it: the number that its eight bytes are, in hexadecimal. */
export function keyIdInWords(id: Uint8Array): string {
  return Buffer.from(id).reverse().toString('hex').toUpperCase();
}

/** The 32 bytes of an Ed25519 public key (RFC 8032), for `node:crypto`. */
export function ed25519PublicKey(bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
