import { describe, expect, it } from 'vitest';
import { type CpioEntry, cpioArchive } from '../../../../../builder/boot/linux/cpio.ts';
import { readCpio } from './read-cpio.ts';

const FILE: CpioEntry = { kind: 'file', path: 'usr/bin/tool', executable: true, data: Buffer.from('12345') };
const LINK: CpioEntry = { kind: 'link', path: 'bin', target: 'usr/bin' };
const LAST: CpioEntry = { kind: 'file', path: 'aaa', data: Buffer.from('') };

describe('cpioArchive', () => {
  it('puts folders before what is in them, sorts, and ends with the trailer', () => {
    expect(
      readCpio(cpioArchive([FILE, LINK])).map(({ path, mode, data }) => [path, mode.toString(8), String(data)]),
    ).toEqual([
      ['bin', '120777', 'usr/bin'],
      ['usr', '40755', ''],
      ['usr/bin', '40755', ''],
      ['usr/bin/tool', '100755', '12345'],
      ['TRAILER!!!', '0', ''],
    ]);
  });

  it('does not depend on the order of its entries', () => {
    expect(cpioArchive([FILE, LINK]).equals(cpioArchive([LINK, FILE]))).toBe(true);
  });

  it('keeps the last entry last, whatever its name', () => {
    expect(readCpio(cpioArchive([FILE, LINK], LAST)).at(-2)?.path).toBe('aaa');
  });

  it('belongs to root', () => {
    expect(readCpio(cpioArchive([FILE])).map(({ owner, group }) => [owner, group])).toEqual(Array(4).fill([0, 0]));
  });
});
