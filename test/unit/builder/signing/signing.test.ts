import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scryptBytes, scryptParameters } from '../../../../builder/signing/scrypt-parameters.ts';
import { readSecretKey } from '../../../../builder/signing/secret-key.ts';
import { sign } from '../../../../builder/signing/sign.ts';
import { openSigner } from '../../../../builder/signing/signer.ts';
import { exec } from '../../../../runtime/host/exec.ts';
import { parsePublicKey, verifySignature } from '../../../../runtime/seal/minisign.ts';
import { secretKeyText } from '../../../helpers/signing-key.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

/** Made by minisign 0.11 with -W, with its public key. */
const KEY_OF_MINISIGN = `untrusted comment: minisign encrypted secret key
RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAs2Qz5+U/Ex0gVCUD83lR5zoM3vO0sOhRwau9hCXJw5st1HVtSZy2XC4YieHD9vsjz7sE/ES1wiIZ52tk8/CAdQDpYpLZ19GoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`;
const LINE = 'RWSzZDPn5T8THS4YieHD9vsjz7sE/ES1wiIZ52tk8/CAdQDpYpLZ19Go';

async function write(text: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { key: text });
  return join(folder, 'key');
}

/** A byte of the key is another one. */
function flipped(text: string, at: number): string {
  const [comment, line = ''] = text.split('\n');
  const data = Buffer.from(line, 'base64');
  data[at] = (data[at] ?? 0) ^ 1;
  return `${comment}\n${data.toString('base64')}\n`;
}

describe('a secret key file', () => {
  it('of minisign without a password', async () => {
    const { publicKey } = await readSecretKey(await write(KEY_OF_MINISIGN), undefined);
    expect(publicKey).toMatchObject({ id: '1D133FE5E73364B3', line: LINE });
  });

  it('with a password is the key that it is without one', async () => {
    const plain = await readSecretKey(await write(secretKeyText(3)), undefined);
    const encrypted = await readSecretKey(await write(secretKeyText(3, 'pass wörd')), 'pass wörd');
    expect(encrypted.publicKey.line).toBe(plain.publicKey.line);
  });

  it('without a password takes none, and one that is given does no harm', async () => {
    expect((await readSecretKey(await write(KEY_OF_MINISIGN), 'needless')).publicKey.line).toBe(LINE);
  });

  it('may come through a pipe', async () => {
    const file = join(await temporaryFolder(), 'pipe');
    await exec(['mkfifo', file]);
    const [{ publicKey }] = await Promise.all([readSecretKey(file, undefined), writeFile(file, KEY_OF_MINISIGN)]);
    expect(publicKey.line).toBe(LINE);
  });

  it.each([
    ['a wrong password', secretKeyText(3, 'right'), 'wrong', /its password is wrong, or the file is damaged$/],
    ['no password', secretKeyText(3, 'right'), undefined, /encrypted with a password$/],
    ['a public key', `untrusted comment: minisign public key\n${LINE}\n`, undefined, /no secret key file/],
    ['something else', 'hello', undefined, /no secret key file/],
    ['nothing', '', undefined, /no secret key file/],
    ['a cut line', KEY_OF_MINISIGN.replace('AAAA=\n', '\n'), undefined, /no secret key file/],
    ['another kind of key', flipped(KEY_OF_MINISIGN, 0), undefined, /no secret key file/],
    ['a damaged seed', flipped(KEY_OF_MINISIGN, 70), undefined, /it is damaged$/],
    ['a damaged public half', flipped(KEY_OF_MINISIGN, 100), undefined, /it is damaged$/],
    ['a limit beyond all memory', flipped(flipped(secretKeyText(3, 'right'), 43), 51), 'right', /it is damaged$/],
  ])('with %s is refused', async (_, text, password, message) => {
    await expect(readSecretKey(await write(text), password)).rejects.toMatchObject({
      code: 'KEY_INVALID',
      message: expect.stringMatching(message),
      where: expect.stringMatching(/key$/),
      hint: expect.any(String),
    });
  });

  it('that is not there is refused', async () => {
    const file = join(await temporaryFolder(), 'none');
    await expect(readSecretKey(file, undefined)).rejects.toMatchObject({ code: 'KEY_INVALID', where: file });
  });
});

describe('a signature', () => {
  it('is the same each time, and what was signed verifies', async () => {
    const key = await readSecretKey(await write(KEY_OF_MINISIGN), undefined);
    const file = Buffer.from('a manifest');
    const text = sign(file, key, 'mediasmith 1');
    expect(sign(file, key, 'mediasmith 1')).toBe(text);
    expect(sign(Buffer.from('longer than a manifest'), key, 'mediasmith 1')).toHaveLength(text.length);
    expect(verifySignature(file, text, parsePublicKey(LINE))).toEqual({ trustedComment: 'mediasmith 1' });
    expect(() => sign(file, key, 'two\nlines')).toThrow('one line');
  });

  it('comes from what a project names, the password too', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { key: secretKeyText(4, 'of the key'), password: 'of the key\n' });
    const signing = { key: join(folder, 'key'), password: { file: join(folder, 'password') } };
    const signer = await openSigner(signing);
    if (signer === undefined) throw new Error('there is a key');
    const text = signer.sign(Buffer.from('x'), 'an-id');
    expect(verifySignature(Buffer.from('x'), text, signer.publicKey).trustedComment).toBe('mediasmith an-id');
    expect(await openSigner(undefined)).toBeUndefined();
  });
});

it.each([
  ['what minisign -G takes', 33554432, 1073741824, { N: 2 ** 20, r: 8, p: 1 }],
  ['what libsodium calls interactive', 524288, 16777216, { N: 2 ** 14, r: 8, p: 1 }],
  ['few operations', 1, 1073741824, { N: 2 ** 10, r: 8, p: 1 }],
  ['little memory', 33554432, 16777216, { N: 2 ** 14, r: 8, p: 64 }],
])('the parameters of scrypt for %s', (_, operations, memory, parameters) => {
  expect(scryptParameters(operations, memory)).toEqual(parameters);
  expect(scryptBytes(parameters)).toBeGreaterThan(128 * 8 * parameters.N);
});
