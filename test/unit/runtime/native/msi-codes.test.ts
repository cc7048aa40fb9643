import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { packCode, unpackCode } from '../../../../runtime/native/msi-codes.ts';

const CODE = '{AC76BA86-7AD7-1033-7B44-AC0F074E4100}';
const PACKED = '68AB67CA7DA73301B744CAF070E41400';

it('packs a code as Windows Installer names its keys, and unpacks it', () => {
  expect(packCode(CODE)).toBe(PACKED);
  expect(packCode(CODE.toLowerCase().slice(1, -1))).toBe(PACKED);
  expect(unpackCode(PACKED)).toBe(CODE);
  expect(unpackCode(PACKED.toLowerCase())).toBe(CODE);
});

it('gives every code back', () => {
  for (let round = 0; round < 200; round++) {
    const code = `{${randomUUID().toUpperCase()}}`;
    expect(unpackCode(packCode(code))).toBe(code);
  }
});

it.each(['', 'Products', `${PACKED}0`, PACKED.slice(1), `G${PACKED.slice(1)}`])('%j is no packed code', (text) => {
  expect(unpackCode(text)).toBeUndefined();
});

it('packs nothing else', () => {
  expect(() => packCode('AC76BA86')).toThrow('not a GUID: AC76BA86');
});
