import { expect, test } from 'vitest';
import { parseRegistryText, registryText } from '../../../../builder/tools/registry-text.ts';
import type { HiveData } from '../../../../runtime/hive/hive-tree.ts';

const values = (record: Record<string, HiveData>) => new Map(Object.entries(record));

test('each type is read from what hivexregedit prints', () => {
  const text = `Windows Registry Editor Version 5.00

[\\]

[\\Select]
@=hex(1):61,00,00,00
"Current"=dword:80000001
"a \\"quoted\\" \\\\ name"=hex(2):25,00,50,00,25,00,00,00
"list"=hex(7):61,00,00,00,62,00,63,00,00,00,00,00
"number"=hex(b):01,00,00,00,00,00,00,80
"short number"=hex(b):01,00
"bytes"=hex(3):
"resources"=hex(8):07
`;
  expect(parseRegistryText(text)).toEqual(
    new Map([
      ['', new Map()],
      [
        'Select',
        values({
          '': { type: 'SZ', data: 'a' },
          Current: { type: 'DWORD', data: 0x80000001 },
          'a "quoted" \\ name': { type: 'EXPAND_SZ', data: '%P%' },
          list: { type: 'MULTI_SZ', data: ['a', 'bc'] },
          number: { type: 'QWORD', data: 2n ** 63n + 1n },
          'short number': { type: 'BINARY', data: Uint8Array.of(1, 0) },
          bytes: { type: 'BINARY', data: new Uint8Array() },
          resources: { type: 'BINARY', data: Uint8Array.of(7) },
        }),
      ],
    ]),
  );
});

test('keys to be made come after the keys above them, named or not', () => {
  const text = registryText(
    new Map([
      ['a\\b\\c', values({ n: { type: 'DWORD', data: 258 } })],
      ['a', values({ '': { type: 'SZ', data: 'é' } })],
    ]),
  );
  expect(text).toBe(`Windows Registry Editor Version 5.00

[\\a]
@=hex(1):e9,00,00,00

[\\a\\b]

[\\a\\b\\c]
"n"=hex(4):02,01,00,00
`);
});

test('a line break in a name is refused: the rest would be read as another line', () => {
  expect(() => registryText(new Map([['a\nb', new Map()]]))).toThrow('a line break');
  expect(() => registryText(new Map([['a', values({ 'x"=-\n"y': { type: 'SZ', data: '' } })]]))).toThrow('line break');
});
