import { describe, expect, it } from 'vitest';
import { decodeInf } from '../../../drivers/inf-encoding.ts';
import { infEntry, infSection, parseInf } from '../../../drivers/inf-text.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const entriesOf = (text: string) =>
  parseInf(bytesOf(`[s]\r\n${text}`))
    .sections.get('s')
    ?.entries.map(({ line, ...fields }) => fields);

describe('decodeInf', () => {
  const text = '[Version]\r\nProvider="Grüße 日本"';

  it.each([
    ['utf-16le', Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])],
    ['utf-16be', Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(text, 'utf16le').swap16()])],
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(text)])],
  ])('reads %s, and no byte order mark is left', (encoding, bytes) => {
    expect(decodeInf(bytes)).toEqual({ text, encoding });
  });

  it('takes what is no UTF-8 for windows-1252', () => {
    expect(decodeInf(Buffer.of(0x47, 0x72, 0xfc, 0xdf, 0x65, 0x80))).toEqual({
      text: 'Grüße€',
      encoding: 'windows-1252',
    });
  });

  it('ends at Ctrl-Z', () => {
    expect(decodeInf(bytesOf('[a]\r\nx\r\n\x1a[b]\r\n')).text).toBe('[a]\r\nx\r\n');
  });

  it('survives half a character and no character at all', () => {
    expect(decodeInf(Buffer.of(0xff, 0xfe, 0x5b)).encoding).toBe('utf-16le');
    expect(decodeInf(Buffer.of())).toEqual({ text: '', encoding: 'utf-8' });
  });
});

describe('parseInf', () => {
  it('knows where everything stands, by any of the three line ends', () => {
    const inf = parseInf(bytesOf('; first\r\n[A]\r\nx = 1\n\ny = 2\r[B]\rz'));
    expect([...inf.sections.values()]).toEqual([
      {
        name: 'A',
        line: 2,
        entries: [
          { line: 3, key: 'x', values: ['1'] },
          { line: 5, key: 'y', values: ['2'] },
        ],
      },
      { name: 'B', line: 6, entries: [{ line: 7, values: ['z'] }] },
    ]);
  });

  it('joins sections of one name in any case, and finds entries in any case', () => {
    const inf = parseInf(bytesOf('[Strings]\na=1\n[Other]\n[STRINGS]\nB=2\na=3'));
    const strings = infSection(inf, 'strings');
    expect(strings).toMatchObject({ name: 'Strings', line: 1 });
    expect(strings?.entries.map(({ line }) => line)).toEqual([2, 5, 6]);
    expect(infEntry(strings, 'A')?.values).toEqual(['1']);
    expect(infEntry(strings, 'b')?.line).toBe(5);
    expect(infEntry(infSection(inf, 'absent'), 'a')).toBeUndefined();
  });

  it('leaves out what stands before the first section and behind a bracket', () => {
    const inf = parseInf(bytesOf('text\n  [ Version ] junk = 1 ; comment\nx=1\n[open\ny=2'));
    expect([...inf.sections.keys()]).toEqual(['version', 'open']);
    expect(inf.sections.get('version')?.entries).toEqual([{ line: 3, key: 'x', values: ['1'] }]);
  });

  it.each([
    ['key and values', 'a = b , c', [{ key: 'a', values: ['b', 'c'] }]],
    ['values without a key', 'HKR,,Text,0,"a=b"', [{ values: ['HKR', '', 'Text', '0', 'a=b'] }]],
    ['an equals sign behind a comma', 'a,b=c', [{ values: ['a', 'b=c'] }]],
    ['a second equals sign', 'a=b=c', [{ key: 'a', values: ['b=c'] }]],
    ['nothing behind the equals sign', 'a =', [{ key: 'a', values: [] }]],
    ['an empty quoted value', 'a = ""', [{ key: 'a', values: [''] }]],
    ['empty values', 'a = ,x,', [{ key: 'a', values: ['', 'x', ''] }]],
    ['space in quotes', 'a = "  b  " ', [{ key: 'a', values: ['  b  '] }]],
    ['quotes in the middle', 'a = b" c "d ', [{ key: 'a', values: ['b c d'] }]],
    ['a doubled quote', 'a = "he said ""so"""', [{ key: 'a', values: ['he said "so"'] }]],
    ['a quote that is not closed', 'a = "b, c', [{ key: 'a', values: ['b, c'] }]],
    ['a quoted key', '"a=b" = c', [{ key: 'a=b', values: ['c'] }]],
    ['a comment', 'a = b ; c\n; d = e', [{ key: 'a', values: ['b'] }]],
    ['a semicolon in quotes', 'a = "b;c";d', [{ key: 'a', values: ['b;c'] }]],
    ['a long line', `a = ${'x'.repeat(5000)}`, [{ key: 'a', values: ['x'.repeat(5000)] }]],
    ['tokens as they are', '%A% = "%B%"', [{ key: '%A%', values: ['%B%'] }]],
  ])('reads %s', (_, text, entries) => {
    expect(entriesOf(text)).toEqual(entries);
  });

  it.each([
    ['a backslash', 'a = 1,\\\n   2,\\\n3\nb = 4'],
    ['a backslash and space', 'a = 1,\\  \n2,\\\t\n3\nb = 4'],
    ['a backslash and a comment', 'a = 1,\\ ; one\n2,\\;two\n3\nb = 4'],
  ])('goes on behind %s', (_, text) => {
    expect(entriesOf(text)).toEqual([
      { key: 'a', values: ['1', '2', '3'] },
      { key: 'b', values: ['4'] },
    ]);
  });

  it('gives a continued line the number it begins with', () => {
    const inf = parseInf(bytesOf('[s]\n\na = 1,\\\n2\nb = 3'));
    expect(inf.sections.get('s')?.entries.map(({ line }) => line)).toEqual([3, 5]);
  });

  it.each([
    ['a backslash within a line', 'a = x\\y,z', ['x\\y', 'z']],
    ['a quoted one at its end', 'a = "x\\"', ['x\\']],
    ['one in a comment', 'a = x ; y\\', ['x']],
    ['one at the end of the file', 'a = x\\', ['x']],
  ])('does not go on behind %s', (_, text, values) => {
    expect(entriesOf(`${text}\n`)).toEqual([{ key: 'a', values }]);
  });

  it('lets no stray backslash swallow a section', () => {
    const inf = parseInf(bytesOf('[a]\nfolder = x\\\n[b]\ny=1'));
    expect([...inf.sections.keys()]).toEqual(['a', 'b']);
    expect(inf.sections.get('a')?.entries).toEqual([{ line: 2, key: 'folder', values: ['x'] }]);
  });
});
