import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';

/** A key pair of age (X25519): the identity opens what is encrypted to the recipient. Both are single lines of text. */
export type AgeKeys = { identity: string; recipient: string };

export async function makeAgeKeys(): Promise<AgeKeys> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** 2^18 rounds of scrypt, as age itself takes: each guess costs a second and 256 MiB. */
const SCRYPT_WORK_FACTOR = 18;

/** Encrypts a text under a password. `workFactor` is the logarithm of scrypt's cost; only tests take a smaller one. */
export async function encryptWithPassword(
  text: string,
  password: string,
  workFactor = SCRYPT_WORK_FACTOR,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(password);
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(text);
}

export async function encryptTo(text: string, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

/** Undefined for the wrong password. An ordinary Error for a file that is not age's or is damaged. */
export async function decryptWithPassword(file: Uint8Array, password: string): Promise<string | undefined> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(password);
  return decrypt(decrypter, file);
}

/** Undefined for an identity that it is not encrypted to, or that is none. */
export async function decryptWithIdentity(file: Uint8Array, identity: string): Promise<string | undefined> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
  } catch {
    return undefined;
  }
  return decrypt(decrypter, file);
}

/** The only way in which the library tells a key that does not fit from a file that is damaged. */
const NO_MATCH = "no identity matched any of the file's recipients";

async function decrypt(decrypter: Decrypter, file: Uint8Array): Promise<string | undefined> {
  try {
    return await decrypter.decrypt(file, 'text');
  } catch (error) {
    if (error instanceof Error && error.message === NO_MATCH) return undefined;
    throw error;
  }
}
