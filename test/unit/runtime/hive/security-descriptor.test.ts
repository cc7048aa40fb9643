import { expect, test } from 'vitest';
import { fullControlOfAdministrators, sidBytes } from '../../../../runtime/hive/security-descriptor.ts';

test('the descriptor of a boot store, byte for byte', () => {
  expect(Buffer.from(fullControlOfAdministrators()).toString('hex')).toBe(
    [
      '01000480480000005800000000000000', // revision, self-relative with rules; owner at 72, group at 88
      '14000000', // rules at 20
      '0200340002000000',
      '000018003f000f0001020000000000052000000020020000',
      '000014003f000f00010100000000000512000000',
      '01020000000000052000000020020000',
      '010100000000000512000000',
    ].join(''),
  );
});

test('a service has a SID with six subauthorities', () => {
  const sid = Buffer.from(sidBytes('S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'));
  expect(sid.subarray(0, 12).toString('hex')).toBe('010600000000000550000000');
  expect(sid).toHaveLength(32);
  expect(() => sidBytes('Everyone')).toThrow('not a security identifier');
});
