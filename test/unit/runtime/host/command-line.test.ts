import { describe, expect, it } from 'vitest';
import {
  findProgram,
  formatArguments,
  parseArguments,
  parseCommandLine,
  splitProgram,
  windowsStart,
} from '../../../../runtime/host/command-line.ts';

describe('arguments of a command line', () => {
  // The table of Microsoft's "Parsing C command-line arguments", and its neighbours.
  it.each([
    ['"a b c" d e', ['a b c', 'd', 'e']],
    ['"ab\\"c" "\\\\" d', ['ab"c', '\\', 'd']],
    ['a\\\\\\b d"e f"g h', ['a\\\\\\b', 'de fg', 'h']],
    ['a\\\\\\"b c d', ['a\\"b', 'c', 'd']],
    ['a\\\\\\\\"b c" d e', ['a\\\\b c', 'd', 'e']],
    ['a"b"" c d', ['ab" c d']],
    ['"" a\t"" ', ['', 'a', '']],
    ['C:\\Temp\\ D:\\', ['C:\\Temp\\', 'D:\\']],
    ['"never closed x', ['never closed x']],
    ['   ', []],
  ])('%s', (text, expected) => {
    expect(parseArguments(text)).toEqual(expected);
  });

  it('come back as they were', () => {
    const texts = ['', 'a b', 'a"b', '\\', 'a\\', 'a b\\', 'a\\"b', '\\\\server\\share dir\\', 'a""b', '\t', 'ä€'];
    expect(parseArguments(formatArguments(texts))).toEqual(texts);
    expect(formatArguments(['plain', 'C:\\x\\', 'a b\\'])).toBe('plain C:\\x\\ "a b\\\\"');
  });

  it('in whatever number and order', () => {
    const alphabet = ['"', '\\', ' ', 'a', '\t'];
    for (let number = 0; number < 5 ** 5; number++) {
      const text = [...number.toString(5).padStart(5, '0')].map((digit) => alphabet[Number(digit)]).join('');
      expect(parseArguments(formatArguments([text, 'x']))).toEqual([text, 'x']);
    }
  });
});

describe('the program', () => {
  it('ends at the first space outside quotes, and its backslashes mean themselves', () => {
    expect(splitProgram('  "C:\\Program Files\\x\\"y.exe  /a "b c" ')).toEqual({
      token: '"C:\\Program Files\\x\\"y.exe',
      program: 'C:\\Program Files\\x\\y.exe',
      rest: '/a "b c"',
    });
    expect(parseCommandLine('C:\\Program Files\\x.exe')).toEqual(['C:\\Program', 'Files\\x.exe']);
  });

  it('is missing in an empty line', () => {
    expect([parseCommandLine(' \t'), parseCommandLine('"" a')]).toEqual([undefined, undefined]);
  });
});

describe('a program is looked for', () => {
  const files = new Set([
    'C:\\pkg\\setup.cmd',
    'C:\\Windows\\System32\\cmd.exe',
    'C:\\pkg\\a.v2.exe',
    'C:\\pkg\\x.msi',
  ]);
  const search = { folder: 'C:\\pkg', folders: ['C:\\Windows\\System32'], exists: (path: string) => files.has(path) };

  it.each([
    ['setup', 'C:\\pkg\\setup.cmd'],
    ['setup.cmd', 'C:\\pkg\\setup.cmd'],
    ['.\\setup.cmd', 'C:\\pkg\\setup.cmd'],
    ['a.v2', 'C:\\pkg\\a.v2.exe'],
    ['cmd.exe', 'C:\\Windows\\System32\\cmd.exe'],
    ['C:\\Windows\\System32\\cmd', 'C:\\Windows\\System32\\cmd.exe'],
    ['.\\cmd.exe', undefined],
    ['x.msi', undefined],
    ['none', undefined],
  ])('%s', (name, expected) => {
    expect(findProgram(name, search)).toBe(expected);
  });
});

describe('Windows starts', () => {
  it('a program with the command line letter by letter', () => {
    expect(windowsStart('"C:\\a b\\x.exe" /c "say ""hi"" %1"', () => 'C:\\a b\\x.exe')).toEqual({
      program: 'C:\\a b\\x.exe',
      argv0: '"C:\\a b\\x.exe"',
      args: ['/c "say ""hi"" %1"'],
      verbatim: true,
    });
    expect(windowsStart('x', () => 'C:\\x.exe')).toMatchObject({ argv0: 'x', args: [] });
  });

  it('a batch file with arguments that are quoted for cmd.exe one by one', () => {
    expect(windowsStart('setup "a & del" %TEMP%', () => 'C:\\setup.CMD')).toEqual({
      program: 'C:\\setup.CMD',
      args: ['a & del', '%TEMP%'],
      verbatim: false,
    });
  });

  it('nothing where no program is found', () => {
    expect(windowsStart('none', () => undefined)).toBeUndefined();
    expect(windowsStart(' ', () => 'x')).toBeUndefined();
  });
});
