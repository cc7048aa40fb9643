import { describe, expect, test } from 'vitest';
import { hiveKey } from '../../../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../../../runtime/hive/regf.ts';
import { compareNames, nameHash, nameHint, storedName } from '../../../../runtime/hive/regf-names.ts';
import { dataBytes } from '../../../../runtime/hive/regf-values.ts';

const timestamp = new Date('2026-03-04T05:06:07Z');
const BINS = 4096;

describe('the base block', () => {
  const hive = writeHive(hiveKey('ROOT'), { timestamp, minorVersion: 3 });
  const view = new DataView(hive.buffer);

  test('an empty hive is the base block and one bin', () => expect(hive).toHaveLength(8192));

  test('says that the hive is clean, its version and where its root is', () => {
    expect(Buffer.from(hive.subarray(0, 4)).toString()).toBe('regf');
    expect(view.getUint32(4, true)).toBe(view.getUint32(8, true));
    expect([view.getUint32(20, true), view.getUint32(24, true)]).toEqual([1, 3]);
    expect(view.getUint32(36, true)).toBe(32);
    expect(view.getUint32(40, true)).toBe(4096);
  });

  test('has the time as FILETIME', () => expect(view.getBigUint64(12, true)).toBe(134_170_743_670_000_000n));

  test('adds up to its checksum', () => {
    let sum = 0;
    for (let at = 0; at <= 508; at += 4) sum ^= view.getUint32(at, true);
    expect(sum).toBe(0);
  });
});

describe('cells', () => {
  const children = Array.from({ length: 600 }, (_, index) =>
    hiveKey(`key ${index}`, { text: { type: 'SZ', data: 'x'.repeat(index) } }),
  );
  const hive = writeHive(hiveKey('ROOT', {}, [hiveKey('many', {}, children), hiveKey('ab')]), { timestamp });
  const view = new DataView(hive.buffer);

  test('fill every bin without a gap, and none crosses into the next', () => {
    let bins = 0;
    for (let bin = BINS; bin < hive.length; bin += view.getUint32(bin + 8, true)) {
      expect(Buffer.from(hive.subarray(bin, bin + 4)).toString()).toBe('hbin');
      expect(view.getUint32(bin + 4, true)).toBe(bin - BINS);
      const end = bin + view.getUint32(bin + 8, true);
      let cell = bin + 32;
      while (cell < end) {
        const size = Math.abs(view.getInt32(cell, true));
        expect(size % 8 === 0 && size > 0, `cell at ${cell}`).toBe(true);
        cell += size;
      }
      expect(cell).toBe(end);
      bins += 1;
    }
    expect(bins).toBeGreaterThan(50);
  });

  test('the one security descriptor counts every key', () => {
    const root = BINS + view.getUint32(36, true) + 4;
    const security = BINS + view.getUint32(root + 44, true) + 4;
    expect(Buffer.from(hive.subarray(security, security + 2)).toString()).toBe('sk');
    expect(view.getUint32(security + 12, true)).toBe(603);
  });

  test('the root has the length of its longest subkey name in bytes of UTF-16', () => {
    const root = BINS + view.getUint32(36, true) + 4;
    expect(view.getUint16(root + 2, true)).toBe(0x2c);
    expect(view.getUint32(root + 20, true)).toBe(2);
    expect(view.getUint32(root + 52, true)).toBe(8);
  });
});

describe('names', () => {
  test('one byte each while every character fits', () => {
    expect(storedName('Größe')).toEqual({ bytes: Buffer.from('4772f6df65', 'hex'), compressed: true });
    expect(storedName('名')).toEqual({ bytes: Buffer.from('0d54', 'hex'), compressed: false });
  });

  test('sorted by their capitals, so that an underscore comes after letters', () => {
    expect(['a_b', 'aab', 'AZZ', 'ÄÄ', 'ß'].toSorted(compareNames)).toEqual(['aab', 'AZZ', 'a_b', 'ÄÄ', 'ß']);
  });

  test('hashed by their capitals', () => {
    expect(nameHash('ab')).toBe(65 * 37 + 66);
    expect(nameHash('AB')).toBe(nameHash('ab'));
  });

  test('hinted by the first four characters', () => {
    expect(Buffer.from(nameHint('Objects')).toString()).toBe('Obje');
    expect(nameHint('a名')).toEqual(new Uint8Array(4));
  });
});

test('data is what the registry hands out', () => {
  const hex = (...data: Parameters<typeof dataBytes>) => Buffer.from(dataBytes(...data)).toString('hex');
  expect(hex({ type: 'SZ', data: '' })).toBe('0000');
  expect(hex({ type: 'MULTI_SZ', data: ['a', 'b'] })).toBe('61000000620000000000');
  expect(hex({ type: 'DWORD', data: 0x80000001 })).toBe('01000080');
  expect(hex({ type: 'QWORD', data: 2n ** 40n })).toBe('0000000000010000');
});

test('two subkeys that differ in case only, and names a registry cannot hold, are refused', () => {
  const write = (...names: string[]) =>
    writeHive(
      hiveKey(
        'ROOT',
        {},
        names.map((name) => hiveKey(name)),
      ),
      { timestamp },
    );
  expect(() => write('Run', 'RUN')).toThrow('two subkeys named');
  expect(() => write('a\\b')).toThrow('not a name');
  expect(() => write('')).toThrow('not a name');
});
