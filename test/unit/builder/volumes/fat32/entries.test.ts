import { describe, expect, test } from 'vitest';
import { ATTRIBUTES, labelEntry, newEntries, withPlace } from '../../../../../builder/volumes/fat32/entries.ts';
import { shortNameSum } from '../../../../../builder/volumes/fat32/long-names.ts';
import { readEntries } from '../../../../../builder/volumes/fat32/read-entries.ts';
import { dosTime } from '../../../../../builder/volumes/shared/dos-time.ts';

const TIME = Date.UTC(2026, 4, 17, 9, 41, 33) / 1000;
const SHORT = { bytes: Buffer.from('NAME~1  TXT'), flags: 0, whole: false };
const OWN = { bytes: Buffer.from('NAME    TXT'), flags: 0x18, whole: true };

function fileOf(name: string, short = SHORT): Buffer {
  return withPlace(newEntries(name, short, ATTRIBUTES.archive, TIME), 0x12_3456, 789);
}

function namesIn(...entries: Uint8Array[]): string[] {
  return readEntries(Buffer.concat(entries)).found.map(({ name }) => name);
}

describe('entries', () => {
  test('say place, size and time where Microsoft says', () => {
    const entry = fileOf('name.txt', OWN);
    const name = Buffer.from('NAME    TXT').toString('hex');
    const [time, date] = ['304d', 'b15c'];
    expect(entry.toString('hex')).toBe(`${name}201864${time}${date}${date}1200${time}${date}563415030000`);
  });

  test.each([1, 12, 13, 14, 26, 255])('carry a long name of %i units', (units) => {
    const name = `${'é'.repeat(units - 1)}z`;
    const entries = fileOf(name);
    expect(entries.length / 32).toBe(Math.ceil(units / 13) + 1);
    expect(entries.readUInt8(0)).toBe(0x40 | Math.ceil(units / 13));
    expect(readEntries(entries).found).toEqual([{ name, entries, folder: false, cluster: 0x12_3456, bytes: 789 }]);
  });

  test('are tied by a sum over the short name', () => {
    expect(shortNameSum(Buffer.from('PICKLE  TXT'))).toBe(
      [...'PICKLE  TXT'].reduce((sum, letter) => (((sum >> 1) | (sum << 7)) + letter.charCodeAt(0)) & 0xff, 0),
    );
  });

  test.each([
    ['before 1980', 0, { date: 0x21, time: 0, hundredths: 0 }],
    ['odd seconds', TIME, { date: (46 << 9) | (5 << 5) | 17, time: (9 << 11) | (41 << 5) | 16, hundredths: 100 }],
    ['after 2107', 5e9, { date: (127 << 9) | (12 << 5) | 31, time: (23 << 11) | (59 << 5) | 29, hundredths: 100 }],
  ])('hold times of DOS: %s', (_, seconds, expected) => {
    expect(dosTime(seconds)).toEqual(expected);
  });
});

describe('a folder that is read', () => {
  test('ends with its first free entry and holds no deleted one', () => {
    const deleted = fileOf('a deleted file.txt');
    for (let at = 0; at < deleted.length; at += 32) deleted.writeUInt8(0xe5, at);
    expect(namesIn(fileOf('one'), deleted, fileOf('two'), Buffer.alloc(32), fileOf('three'))).toEqual(['one', 'two']);
  });

  test('shows the flags of small letters', () => {
    const names = [0, 0x08, 0x10, 0x18].map((flags) => namesIn(fileOf('', { ...OWN, flags })));
    expect(names.flat()).toEqual(['NAME.TXT', 'name.TXT', 'NAME.txt', 'name.txt']);
  });

  test('takes 0x05 for 0xE5 at the start, and code page 437', () => {
    expect(namesIn(fileOf('', { ...OWN, flags: 0, bytes: Buffer.from('\x05\x8eB     \x99  ', 'latin1') }))).toEqual([
      'σÄB.Ö',
    ]);
  });

  test('takes the short name where the long one is not its own', () => {
    const sum = fileOf('a long name');
    sum.writeUInt8(0, 13);
    const order = fileOf('a name of two pieces');
    order.writeUInt8(3, 32);
    const cut = fileOf('a name of two pieces').subarray(32);
    const orphan = Buffer.concat([fileOf('a name of two pieces').subarray(0, 64), fileOf('', OWN)]);
    const path = fileOf('a/../b');
    expect(namesIn(sum, order, cut, path)).toEqual(['NAME~1.TXT', 'NAME~1.TXT', 'NAME~1.TXT', 'NAME~1.TXT']);
    expect(namesIn(orphan)).toEqual(['name.txt']);
    expect(readEntries(sum).found[0]?.entries).toHaveLength(32);
  });

  test('has a label, which is no file', () => {
    const label = labelEntry(Buffer.from('MEDIUM     '), TIME);
    expect(readEntries(Buffer.concat([label, fileOf('one')]))).toMatchObject({ label, found: [{ name: 'one' }] });
  });
});
