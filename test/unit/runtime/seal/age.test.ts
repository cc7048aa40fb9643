import { describe, expect, it } from 'vitest';
import {
  decryptWithIdentity,
  decryptWithPassword,
  encryptTo,
  encryptWithPassword,
  makeAgeKeys,
} from '../../../../runtime/seal/age.ts';
import { CHEAP, PASSWORD } from '../../../helpers/sealed-medium.ts';

const TEXT = 'Grüße';

/** Changes one byte of the body, which the header does not vouch for. */
function damaged(file: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(file);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

describe('a password', () => {
  it('opens what it has closed, and another does not', async () => {
    const file = await encryptWithPassword(TEXT, PASSWORD, CHEAP);
    expect(await decryptWithPassword(file, PASSWORD)).toBe(TEXT);
    expect(await decryptWithPassword(file, `${PASSWORD} `)).toBeUndefined();
    expect(await decryptWithPassword(file, '')).toBeUndefined();
  });

  it("costs what age's own costs", async () => {
    const [, stanza] = Buffer.from(await encryptWithPassword(TEXT, PASSWORD))
      .toString('latin1')
      .split('\n');
    expect(stanza).toMatch(/^-> scrypt \S+ 18$/);
  });
});

describe('an identity', () => {
  it('opens what is encrypted to its recipient, and another does not', async () => {
    const [one, other] = [await makeAgeKeys(), await makeAgeKeys()];
    const file = await encryptTo(TEXT, one.recipient);
    expect(await decryptWithIdentity(file, one.identity)).toBe(TEXT);
    expect(await decryptWithIdentity(file, other.identity)).toBeUndefined();
    expect(await decryptWithIdentity(file, 'no identity')).toBeUndefined();
    expect([one.identity.slice(0, 16), one.recipient.slice(0, 4)]).toEqual(['AGE-SECRET-KEY-1', 'age1']);
  });
});

it('a damaged file is no wrong key', async () => {
  const { identity, recipient } = await makeAgeKeys();
  await expect(decryptWithIdentity(damaged(await encryptTo(TEXT, recipient)), identity)).rejects.toThrow();
  await expect(
    decryptWithPassword(damaged(await encryptWithPassword(TEXT, PASSWORD, CHEAP)), PASSWORD),
  ).rejects.toThrow();
  await expect(decryptWithPassword(Buffer.from('what is this'), PASSWORD)).rejects.toThrow();
});
