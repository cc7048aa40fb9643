import { createPrivateKey, createPublicKey, type KeyObject, type ScryptOptions, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { type PublicKey, parsePublicKey } from '../../runtime/seal/minisign.ts';
import {
  ALGORITHM_BYTES,
  decodeLine,
  KEY_BYTES,
  KEY_ID_BYTES,
  PURE,
  UNTRUSTED,
} from '../../runtime/seal/minisign-format.ts';
import { readStart } from '../read-start.ts';
import { scryptBytes, scryptParameters } from './scrypt-parameters.ts';

export type SecretKey = { keyId: Buffer; key: KeyObject; publicKey: PublicKey };

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** A PKCS #8 file of an Ed25519 key is this and the seed (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SCRYPT = 'Sc';
const NO_PASSWORD = '\0\0';
const SALT = { from: 3 * ALGORITHM_BYTES, bytes: 32 };
const OPERATIONS = SALT.from + SALT.bytes;
const MEMORY = OPERATIONS + 8;
const SECRET = MEMORY + 8;
const CHECKSUM_BYTES = 32;
/** The key's id, the seed, the public key, a checksum: what a password encrypts. */
const SECRET_BYTES = KEY_ID_BYTES + KEY_BYTES + KEY_BYTES + CHECKSUM_BYTES;
/** Four times what minisign takes: a file that asks for more is damaged. */
const MOST_MEMORY = 4 * 1024 ** 3;
/** More than any key file has. */
const FILE_BYTES = 4096;

/**
 * Reads a secret key file of minisign, with a password or without one. Throws `KEY_INVALID`.
 *
 * minisign checks the secret part by a BLAKE2b-256, which `node:crypto` does not have. That the public half belongs to
 * the seed says the same of every byte that signs; damage to the key's id alone is not noticed here, but in the first
 * verification with the `.pub` that belongs to it.
 */
export async function readSecretKey(file: string, password: string | undefined): Promise<SecretKey> {
  const data = await readKeyFile(file);
  const encrypted = data.toString('latin1', ALGORITHM_BYTES, 2 * ALGORITHM_BYTES) === SCRYPT;
  const secret = data.subarray(SECRET);
  if (encrypted) xorInto(secret, await keyStream(file, data, password));
  const keyId = Buffer.from(secret.subarray(0, KEY_ID_BYTES));
  const seed = secret.subarray(KEY_ID_BYTES, KEY_ID_BYTES + KEY_BYTES);
  const publicHalf = secret.subarray(KEY_ID_BYTES + KEY_BYTES, KEY_ID_BYTES + 2 * KEY_BYTES);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  if (!publicBytes(key).equals(publicHalf)) {
    if (encrypted) throw invalid(file, 'its password is wrong, or the file is damaged', 'Correct the password.');
    throw invalid(file, 'it is damaged', 'Take the file from where it is kept safe.');
  }
  const line = Buffer.concat([Buffer.from(PURE), keyId, publicBytes(key)]).toString('base64');
  return { keyId, key, publicKey: parsePublicKey(line) };
}

/** An SPKI ends with them. */
function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

async function readKeyFile(file: string): Promise<Buffer> {
  const text = await readStart(file, FILE_BYTES).catch((cause: unknown) => {
    throw invalid(file, 'it cannot be read', 'Check the path and that it can be read.', cause);
  });
  const [comment, line] = text.toString('latin1').split(/\r?\n/);
  const data = comment?.startsWith(UNTRUSTED) ? decodeLine(line, SECRET + SECRET_BYTES) : undefined;
  const kinds = data?.toString('latin1', 0, 3 * ALGORITHM_BYTES) ?? '';
  if (data !== undefined && [SCRYPT, NO_PASSWORD].some((kdf) => kinds === `${PURE}${kdf}B2`)) return data;
  throw invalid(
    file,
    'it is no secret key file of minisign',
    '"minisign -G" makes one; the .pub beside it is another.',
  );
}

/** What the secret part is XORed with. */
async function keyStream(file: string, data: Buffer, password: string | undefined): Promise<Buffer> {
  if (password === undefined) {
    throw invalid(file, 'it is encrypted with a password', 'Say where the password is: signing, password.');
  }
  const operations = Number(data.readBigUInt64LE(OPERATIONS));
  const parameters = scryptParameters(operations, Number(data.readBigUInt64LE(MEMORY)));
  const maxmem = scryptBytes(parameters);
  if (maxmem > MOST_MEMORY) {
    throw invalid(file, 'it is damaged', `It asks for ${formatBytes(maxmem)} of memory.`);
  }
  return derive(password, data.subarray(SALT.from, SALT.from + SALT.bytes), SECRET_BYTES, { ...parameters, maxmem });
}

function xorInto(data: Buffer, stream: Buffer): void {
  for (const [index, byte] of stream.entries()) data[index] = (data[index] ?? 0) ^ byte;
}

function invalid(file: string, why: string, hint: string, cause?: unknown): MediasmithError {
  const details = { where: file, hint, ...(cause !== undefined && { cause }) };
  return new MediasmithError('KEY_INVALID', `the key that signs media cannot be used: ${why}`, details);
}
