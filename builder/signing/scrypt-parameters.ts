/** What `node:crypto` wants of scrypt. */
export type ScryptParameters = { N: number; r: number; p: number };

const BLOCK_SIZE = 8;
const LEAST_OPERATIONS = 32768;
/** What scrypt (RFC 7914) allows for the product of r and p. */
const LARGEST_PRODUCT = 0x3fffffff;
const LARGEST_LOGARITHM = 63;

/**
 * The scrypt parameters that libsodium's two limits stand for, as its `crypto_pwhash_scryptsalsa208sha256` draws them:
 * the largest N that both allow, and p for the operations that are left.
 */
export function scryptParameters(operations: number, memoryBytes: number): ScryptParameters {
  const allowed = Math.max(operations, LEAST_OPERATIONS);
  const r = BLOCK_SIZE;
  if (allowed < Math.floor(memoryBytes / 32)) return { N: powerBelow(allowed / (r * 4)), r, p: 1 };
  const N = powerBelow(memoryBytes / (r * 128));
  const product = Math.min(Math.floor(allowed / 4 / N), LARGEST_PRODUCT);
  return { N, r, p: Math.floor(product / r) };
}

/** The memory scrypt takes for them. */
export function scryptBytes({ N, r, p }: ScryptParameters): number {
  return 128 * r * (N + p + 2);
}

/** The first power of two that is above half of it; 2 at least. */
function powerBelow(limit: number): number {
  let logarithm = 1;
  while (logarithm < LARGEST_LOGARITHM && 2 ** logarithm <= Math.floor(limit) / 2) logarithm++;
  return 2 ** logarithm;
}
