import { describe, expect, test } from 'vitest';
import { peChecksum } from '../../../../builder/demo/pe.ts';
import { standInBootmgr } from '../../../../builder/demo/stand-in-bootmgr.ts';
import { standInEfi } from '../../../../builder/demo/stand-in-efi.ts';
import { standInText } from '../../../../builder/demo/stand-in-text.ts';

const text = standInText('bootmgfw.efi');

describe('the EFI application', () => {
  const file = Buffer.from(standInEfi(text));
  const pe = file.readUInt32LE(0x3c);
  const section = (index: number) => {
    const at = pe + 24 + 240 + index * 40;
    return {
      name: file.toString('latin1', at, at + 8).replace(/\0+$/, ''),
      size: file.readUInt32LE(at + 8),
      rva: file.readUInt32LE(at + 12),
      offset: file.readUInt32LE(at + 20),
    };
  };

  test('is one for x86-64 in the PE32+ format', () => {
    expect(file.toString('latin1', 0, 2)).toBe('MZ');
    expect(file.toString('latin1', pe, pe + 4)).toBe('PE\0\0');
    expect(file.readUInt16LE(pe + 4)).toBe(0x8664);
    expect(file.readUInt16LE(pe + 24)).toBe(0x20b);
    expect(file.readUInt16LE(pe + 24 + 68)).toBe(10);
  });

  test('starts at its code, and its image ends on a page after the last section', () => {
    expect([0, 1, 2].map((index) => section(index).name)).toEqual(['.text', '.rdata', '.reloc']);
    expect(file.readUInt32LE(pe + 24 + 16)).toBe(section(0).rva);
    expect(file.readUInt32LE(pe + 24 + 56)).toBe(section(2).rva + 0x1000);
    expect(file.readUInt32LE(pe + 24 + 112 + 40)).toBe(section(2).rva);
  });

  test('holds its text for the console, and for the serial port where its code points', () => {
    const data = section(1);
    const loads = [0x1f, 0x29].map((at) => {
      expect(file.readUInt8(section(0).offset + at + 1)).toBe(0x8d);
      return section(0).rva + at + 7 + file.readInt32LE(section(0).offset + at + 3);
    });
    const [wide = 0, plain = 0] = loads.map((rva) => data.offset + rva - data.rva);
    expect(file.toString('utf16le', wide, wide + 2 * text.length + 8)).toBe(`\r\n${text}\r\n`);
    expect(file.toString('latin1', plain, plain + text.length + 5)).toBe(`\r\n${text}\r\n\0`);
  });

  test('carries its checksum', () => {
    expect(file.readUInt32LE(pe + 24 + 64)).toBe(peChecksum(file));
    const changed = Buffer.from(file);
    changed[0x210] = (changed[0x210] ?? 0) ^ 1;
    expect(peChecksum(changed)).not.toBe(peChecksum(file));
  });

  test('is the same for the same text and another for another', () => {
    expect(Buffer.from(standInEfi(text)).equals(file)).toBe(true);
    expect(Buffer.from(standInEfi(standInText('memtest.efi'))).equals(file)).toBe(false);
  });
});

test('the BIOS program loads the address of the text that ends it', () => {
  const file = Buffer.from(standInBootmgr(text));
  const address = file.readUInt16LE(0x10);
  expect(file.readUInt8(0x0f)).toBe(0xbe);
  expect(file.toString('latin1', address)).toBe(`\r\n${text}\r\n\0`);
});

test('the text is ASCII and says what it is', () => {
  expect(text).toMatch(/^MEDIASMITH STAND-IN: this is not Windows\. bootmgfw\.efi [ -~]*$/);
});
