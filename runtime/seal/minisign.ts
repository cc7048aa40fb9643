import { createHash, type KeyObject, verify } from 'node:crypto';
import { MediasmithError } from '../contract/errors.ts';
import {
  ALGORITHM_BYTES,
  decodeLine,
  ed25519PublicKey,
  KEY_BYTES,
  KEY_ID_BYTES,
  keyIdInWords,
  PREHASHED,
  PURE,
  SIGNATURE_BYTES,
  TRUSTED,
  UNTRUSTED,
} from './minisign-format.ts';

export type PublicKey = {
  /** As minisign prints it: 16 hexadecimal digits. */
  id: string;
  /** The line that is the key: base64. */
  line: string;
  key: KeyObject;
};

export type Signature = {
  keyId: string;
  /** What was signed is the BLAKE2b-512 of the file, or, by an older minisign, the file itself. */
  prehashed: boolean;
  signature: Buffer;
  trustedComment: string;
  /** Over the signature and the trusted comment. */
  commentSignature: Buffer;
};

const KEY_HINT =
  "Give a public key of minisign: its file, or the line of it that begins with RW. It is the key's own .pub.";
const FIELD_BYTES = ALGORITHM_BYTES + KEY_ID_BYTES;

/** A public key: minisign's file of two lines, or its second line alone. `KEY_INVALID`, at `where`, for anything else. */
export function parsePublicKey(text: string, where?: string): PublicKey {
  const lines = linesOf(text);
  const [line] = lines[0]?.startsWith(UNTRUSTED) ? lines.slice(1) : lines;
  const data = decodeLine(line, FIELD_BYTES + KEY_BYTES);
  if (line === undefined || data === undefined || data.toString('latin1', 0, ALGORITHM_BYTES) !== PURE) {
    throw new MediasmithError('KEY_INVALID', 'this is no public key of minisign', {
      hint: KEY_HINT,
      ...(where !== undefined && { where }),
    });
  }
  const id = keyIdInWords(data.subarray(ALGORITHM_BYTES, FIELD_BYTES));
  return { id, line, key: ed25519PublicKey(data.subarray(FIELD_BYTES)) };
}

/** The file minisign itself would write for a public key. */
export function publicKeyFile({ id, line }: Pick<PublicKey, 'id' | 'line'>): string {
  return `${UNTRUSTED}minisign public key ${id}\n${line}\n`;
}

/** A signature file of minisign. Throws `SIGNATURE_INVALID`. */
export function parseSignature(text: string): Signature {
  const [untrusted, line, trusted, commentLine] = linesOf(text);
  const data = decodeLine(line, FIELD_BYTES + SIGNATURE_BYTES);
  const commentSignature = decodeLine(commentLine, SIGNATURE_BYTES);
  const algorithm = data?.toString('latin1', 0, ALGORITHM_BYTES);
  const whole = untrusted?.startsWith(UNTRUSTED) && trusted?.startsWith(TRUSTED);
  if (!whole || trusted === undefined || data === undefined || commentSignature === undefined) {
    throw invalid("the signature is damaged: it is not in minisign's format");
  }
  if (algorithm !== PREHASHED && algorithm !== PURE)
    throw invalid('the signature is of a kind this version does not know');
  return {
    keyId: keyIdInWords(data.subarray(ALGORITHM_BYTES, FIELD_BYTES)),
    prehashed: algorithm === PREHASHED,
    signature: data.subarray(FIELD_BYTES),
    trustedComment: trusted.slice(TRUSTED.length),
    commentSignature,
  };
}

/**
 * Holds a file against a signature of minisign, as `minisign -V` does. Throws `SIGNATURE_INVALID`, which says whether it
 * was made with another key, or what was altered.
 */
export function verifySignature(
  file: Uint8Array,
  signatureText: string,
  { id, key }: PublicKey,
): { trustedComment: string } {
  const { keyId, prehashed, signature, trustedComment, commentSignature } = parseSignature(signatureText);
  if (keyId !== id) throw invalid(`it was signed with another key: ${keyId}, and not ${id}`);
  if (!verify(null, prehashed ? prehash(file) : file, key, signature)) {
    throw invalid('its content is not what was signed');
  }
  if (!verify(null, withComment(signature, trustedComment), key, commentSignature)) {
    throw invalid("the signature's trusted comment is not what was signed");
  }
  return { trustedComment };
}

/** What is signed of a file in minisign's newer format. */
export function prehash(file: Uint8Array): Buffer {
  return createHash('blake2b512').update(file).digest();
}

/** What the second signature of a signature file is over. */
export function withComment(signature: Uint8Array, trustedComment: string): Buffer {
  return Buffer.concat([signature, Buffer.from(trustedComment)]);
}

function invalid(message: string): MediasmithError {
  return new MediasmithError('SIGNATURE_INVALID', message, {
    hint: 'Use it only when whoever has made it can say why it differs.',
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/\r$/, ''));
}
