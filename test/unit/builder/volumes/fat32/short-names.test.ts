import { describe, expect, test } from 'vitest';
import { ownShortName, ShortNames } from '../../../../../builder/volumes/fat32/short-names.ts';

describe('the short name that is the name', () => {
  test.each([
    ['BOOTX64.EFI', 'BOOTX64 EFI', 0, true],
    ['bootmgr', 'BOOTMGR    ', 0x08, true],
    ['grub.cfg', 'GRUB    CFG', 0x18, true],
    ['readme.TXT', 'README  TXT', 0x08, true],
    ['README.txt', 'README  TXT', 0x10, true],
    ['12345678.123', '12345678123', 0, true],
    ['a-b_c~1.$$$', 'A-B_C~1 $$$', 0x08, true],
    ['ReadMe.txt', 'README  TXT', 0x10, false],
  ])('%s', (name, bytes, flags, whole) => {
    expect(ownShortName(name)).toEqual({ bytes: Buffer.from(bytes), flags, whole });
  });

  test.each(['123456789', 'a.html', 'a b', '.profile', 'a.b.c', 'ä.txt', 'a+b', 'a.', ''])('none for %j', (name) => {
    expect(ownShortName(name)).toBeUndefined();
  });
});

describe('the short names of a folder', () => {
  test.each([
    ['A long name.text', 'ALONGN~1TEX'],
    ['.profile', 'PROFIL~1   '],
    ['a.b.c.html', 'ABC~1   HTM'],
    ['日本語.txt', '___~1   TXT'],
    ['a+b=[c]', 'A_B__C~1   '],
    ['...', '_~1        '],
    ['😀', '__~1       '],
  ])('%s becomes %s', (name, bytes) => {
    expect(new ShortNames().make(name).toString()).toBe(bytes);
  });

  test('are all different, however many begin alike', () => {
    const names = new ShortNames();
    names.take(Buffer.from('LONGNA~2TXT'));
    const made = Array.from({ length: 12_000 }, (_, index) => names.make(`long name ${index}.txt`).toString());
    expect(made.slice(0, 2)).toEqual(['LONGNA~1TXT', 'LONGNA~3TXT']);
    expect(made.at(-1)).toBe('LO~12001TXT');
    expect(new Set(made).size).toBe(12_000);
    expect(made.filter((name) => name.length !== 11)).toEqual([]);
    expect(names.take(Buffer.from('LONG~100TXT'))).toBe(false);
  });
});
