import { sign as signWith } from 'node:crypto';
import { prehash, withComment } from '../../runtime/seal/minisign.ts';
import { PREHASHED, TRUSTED, UNTRUSTED } from '../../runtime/seal/minisign-format.ts';
import type { SecretKey } from './secret-key.ts';

/**
 * The text of a signature file as `minisign -S` writes it. The same file, key and comment give the same text, and the
 * text's length depends on the comment alone. The comment is one line.
 */
export function sign(file: Uint8Array, { keyId, key }: SecretKey, trustedComment: string): string {
  if (/[\r\n]/.test(trustedComment)) throw new Error('a trusted comment is one line');
  const signature = signWith(null, prehash(file), key);
  const commentSignature = signWith(null, withComment(signature, trustedComment), key);
  return [
    `${UNTRUSTED}signature of a medium of mediasmith`,
    Buffer.concat([Buffer.from(PREHASHED), keyId, signature]).toString('base64'),
    `${TRUSTED}${trustedComment}`,
    commentSignature.toString('base64'),
    '',
  ].join('\n');
}
