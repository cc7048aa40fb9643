import { describe, expect, test } from 'vitest';
import { readPe } from '../../../../builder/pe/pe-file.ts';
import { readSignatures } from '../../../../builder/pe/signature.ts';
import { isMediasmithError } from '../../../../runtime/contract/errors.ts';
import { tinyPe } from '../../../helpers/microsoft-pe.ts';

const PROGRAM = { subsystem: 3, imports: ['KERNEL32.dll', 'ntdll.dll'], delayImports: ['dbghelp.dll'] };

describe('a program', () => {
  test('its machine and what it imports, at the start and later', () => {
    expect(readPe(tinyPe(PROGRAM), 'a.exe')).toEqual({
      machine: 'x64',
      efi: false,
      imports: ['KERNEL32.dll', 'ntdll.dll'],
      delayImports: ['dbghelp.dll'],
      signed: false,
    });
  });

  test('an EFI application for arm64 that imports nothing', () => {
    const read = readPe(tinyPe({ machine: 'arm64' }), 'bootaa64.efi');
    expect(read).toMatchObject({ machine: 'arm64', efi: true, imports: [], delayImports: [] });
  });

  test('a delay import of an old linker: addresses in memory, not in the image', () => {
    const file = tinyPe({ delayImports: ['old.dll'] });
    const view = new DataView(file.buffer);
    // In the file the section begins at 0x400; its descriptors follow one empty import descriptor of 20 bytes.
    const base = 0x10000n;
    view.setBigUint64(0x80 + 24 + 24, base, true);
    view.setUint32(0x400 + 20, 0, true);
    view.setUint32(0x400 + 24, view.getUint32(0x400 + 24, true) + Number(base), true);
    expect(readPe(file, 'old.exe').delayImports).toEqual(['old.dll']);
  });
});

describe('what is no program, or not a whole one', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'does not begin with MZ'],
    ['text', Buffer.from('x'.repeat(100)), 'does not begin with MZ'],
    ['a DOS program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]), 'no PE header'],
    ['a header cut short', tinyPe().subarray(0, 0x90), 'it ends before byte'],
    ['a table cut short', tinyPe(PROGRAM).subarray(0, 0x408), 'it ends before byte'],
  ])('%s', (_name, file, reason) => {
    expect(() => readPe(file, 'the file')).toThrow(
      expect.objectContaining({ code: 'SOURCE_INVALID', where: 'the file', message: expect.stringContaining(reason) }),
    );
  });

  test('an import table without an end', () => {
    const file = tinyPe({ imports: Array.from({ length: 1100 }, (_, at) => `${at}.dll`) });
    expect(() => readPe(file, 'long.exe')).toThrow('its import table has no end');
  });

  test('any byte of the headers and tables, whatever it says, gives an answer or the one error', () => {
    const good = tinyPe(PROGRAM);
    for (let at = 0; at < 0x480; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const file = good.slice();
        file[at] = value;
        expectAnswer(file);
      }
    }
  });

  test('cut at any length', () => {
    const good = tinyPe(PROGRAM);
    for (let length = 0; length < good.length; length++) expectAnswer(good.subarray(0, length));
  });
});

function expectAnswer(file: Uint8Array): void {
  try {
    readPe(file, 'file');
    readSignatures(file, 'file');
  } catch (error) {
    if (!isMediasmithError(error) || error.code !== 'SOURCE_INVALID') throw error;
  }
}
