import { describe, expect, it } from 'vitest';
import { SerialLines } from '../../../../builder/boot-test/serial-lines.ts';

describe('SerialLines', () => {
  it.each([
    ['both kinds of line ends, and no empty lines', 'a\r\nb\n\n\r\nc\r', ['a', 'b', 'c']],
    ['colours and modes of a terminal', '\u001b[0;1mGRUB\u001b[0m \u001b[?25hloads\u001b(B\n', ['GRUB loads']],
    [
      'a cursor that moves instead of a line end',
      '\u001b[2J\u001b[01;01HBdsDxe\u001b[02;01HShell\r\n',
      ['BdsDxe', 'Shell'],
    ],
    ['control characters', 'a\u0000\u0007b\tc\n', ['ab\tc']],
  ])('understands %s', (_, text, lines) => {
    expect(new SerialLines().push(Buffer.from(text))).toEqual(lines);
  });

  it('joins what comes in pieces, also inside a character', () => {
    const cutter = new SerialLines();
    const bytes = Buffer.from('Prüfen\r\nEnde');
    const lines = [...bytes].flatMap((byte) => cutter.push(Uint8Array.of(byte)));
    expect(lines).toEqual(['Prüfen']);
    expect(cutter.end()).toEqual(['Ende']);
    expect(cutter.end()).toEqual([]);
  });
});
