import { describe, expect, it } from 'vitest';
import { firmwareDate, parseSmbios } from '../../../../runtime/native/smbios.ts';

/** A structure of the specification: type, the bytes behind its header by their offsets, and its strings. */
type Wish = {
  type: number;
  bytes: Record<number, number | readonly number[]>;
  length: number;
  strings?: readonly string[];
};

function structure({ type, bytes, length, strings = [] }: Wish): Buffer {
  const data = Buffer.alloc(length);
  data[0] = type;
  data[1] = length;
  for (const [offset, value] of Object.entries(bytes)) data.set([value].flat(), Number(offset));
  const text = strings.length === 0 ? '\0\0' : `${strings.map((string) => `${string}\0`).join('')}\0`;
  return Buffer.concat([data, Buffer.from(text, 'latin1')]);
}

function rawTable(...structures: Buffer[]): Buffer {
  const table = Buffer.concat(structures);
  const header = Buffer.from([0, 3, 2, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(table.length, 4);
  return Buffer.concat([header, table]);
}

const UUID = [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
const BIOS = structure({
  type: 0,
  length: 0x18,
  bytes: { 4: 1, 5: 2, 8: 3 },
  strings: ['Maker', '1.2.3', '03/07/2024'],
});
const SYSTEM = structure({
  type: 1,
  length: 0x1b,
  bytes: { 4: 1, 5: 2, 6: 3, 7: 4, 8: UUID, 25: 5, 26: 6 },
  strings: ['Stand-in Inc. ', 'Model 5', 'v1', 'To be filled by O.E.M.', 'SKU-5', 'Family 5'],
});
const BOARD = structure({
  type: 2,
  length: 0x0f,
  bytes: { 4: 1, 5: 2, 6: 3, 7: 4 },
  strings: ['Board maker', 'Board 7', 'r2', 'B-77'],
});
const CHASSIS = structure({ type: 3, length: 0x16, bytes: { 4: 1, 5: 0x89, 8: 2 }, strings: ['Maker', 'ASSET-9'] });
const DOCK = structure({ type: 3, length: 0x16, bytes: { 4: 1, 5: 12 }, strings: ['Maker'] });
const PROCESSOR = structure({
  type: 4,
  length: 0x30,
  bytes: { 5: 3, 7: 1, 16: 2, 20: [0x10, 0x0e], 22: [0x54, 0x0b], 24: 0x41, 35: 8, 37: 16 },
  strings: ['Chip maker', 'Chip 8 @ 2.9 GHz '],
});
const EMPTY_SOCKET = structure({ type: 4, length: 0x30, bytes: { 5: 3, 7: 1, 24: 0 }, strings: ['Chip maker'] });
const BATTERY = structure({ type: 22, length: 0x1a, bytes: { 4: 1, 8: 2 }, strings: ['Rear', 'Battery 4'] });
const END = structure({ type: 127, length: 4, bytes: {} });

const NOTHING = {
  make: '',
  model: '',
  systemVersion: '',
  serial: '',
  uuid: '',
  sku: '',
  family: '',
  assetTag: '',
  bios: { vendor: '', version: '', date: '' },
  baseBoard: { manufacturer: '', product: '', version: '', serial: '' },
  chassisTypes: [],
  processors: [],
  batteryNames: [],
};

describe('parseSmbios', () => {
  it('reads the structures it knows, in any order, and leaves texts as the maker left them', () => {
    expect(parseSmbios(rawTable(CHASSIS, PROCESSOR, BIOS, SYSTEM, EMPTY_SOCKET, BOARD, BATTERY, DOCK, END))).toEqual({
      make: 'Stand-in Inc.',
      model: 'Model 5',
      systemVersion: 'v1',
      serial: 'To be filled by O.E.M.',
      uuid: '00112233-4455-6677-8899-AABBCCDDEEFF',
      sku: 'SKU-5',
      family: 'Family 5',
      assetTag: 'ASSET-9',
      bios: { vendor: 'Maker', version: '1.2.3', date: '2024-03-07' },
      baseBoard: { manufacturer: 'Board maker', product: 'Board 7', version: 'r2', serial: 'B-77' },
      chassisTypes: [9, 12],
      processors: [
        { name: 'Chip 8 @ 2.9 GHz', manufacturer: 'Chip maker', cores: 8, logicalProcessors: 16, megahertz: 2900 },
      ],
      batteryNames: ['Battery 4'],
    });
  });

  it('takes counts above 254 from the words that later versions have for them', () => {
    const counts = { 35: 0xff, 37: 0xff, 42: [0x2c, 0x01], 46: [0x58, 0x02] };
    const large = structure({ type: 4, length: 0x30, bytes: { 5: 3, 24: 0x41, ...counts } });
    expect(parseSmbios(rawTable(large)).processors).toMatchObject([{ cores: 300, logicalProcessors: 600 }]);
  });

  it('takes no coprocessor for a processor', () => {
    const other = structure({ type: 4, length: 0x30, bytes: { 5: 4, 24: 0x41 } });
    expect(parseSmbios(rawTable(other)).processors).toEqual([]);
  });

  it('takes the first structure of a type', () => {
    const second = structure({ type: 1, length: 0x1b, bytes: { 4: 1 }, strings: ['Second'] });
    expect(parseSmbios(rawTable(SYSTEM, second, END)).make).toBe('Stand-in Inc.');
  });

  it.each([0x00, 0xff])('takes a UUID of %i only for none', (byte) => {
    const system = structure({ type: 1, length: 0x1b, bytes: { 4: 1, 8: Array(16).fill(byte) }, strings: ['Maker'] });
    expect(parseSmbios(rawTable(system))).toEqual({ ...NOTHING, make: 'Maker' });
  });

  it('reads nothing behind the end of a structure of an old version', () => {
    const system = structure({ type: 1, length: 0x08, bytes: { 4: 1, 5: 2, 7: 9 }, strings: ['Maker', 'Model'] });
    expect(parseSmbios(rawTable(system))).toEqual({ ...NOTHING, make: 'Maker', model: 'Model' });
  });

  it('stops at the end of the table', () => {
    expect(parseSmbios(rawTable(END, SYSTEM))).toEqual(NOTHING);
  });

  it('gives what comes before the damage, wherever a table is cut', () => {
    const whole = rawTable(BIOS, SYSTEM, END);
    for (let length = 0; length < whole.length; length++) {
      const found = parseSmbios(whole.subarray(0, length));
      expect(['', '1.2.3']).toContain(found.bios.version);
      expect(['', 'Model 5']).toContain(found.model);
    }
    expect(parseSmbios(whole.subarray(0, 8 + BIOS.length + 10))).toEqual({
      ...NOTHING,
      bios: { vendor: 'Maker', version: '1.2.3', date: '2024-03-07' },
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(100)],
    ['ones', Buffer.alloc(100, 0xff)],
    ['a length of 0', rawTable(Buffer.from([1, 0, 0, 0, 0, 0]), SYSTEM)],
    ['a length beyond the end', rawTable(Buffer.from([1, 0xff, 0, 0, 1, 2]))],
    ['strings that do not end', rawTable(Buffer.from([1, 4, 0, 0, 0x41, 0x42]))],
  ])('makes nothing of %s', (_, raw) => {
    expect(parseSmbios(raw)).toEqual(NOTHING);
  });
});

it.each([
  ['12/31/2023', '2023-12-31'],
  ['04/01/99', '1999-04-01'],
  [' 04/01/2014\n', '2014-04-01'],
  ['13/01/2023', ''],
  ['2023-01-01', ''],
  ['', ''],
])('the BIOS date %j is %j', (text, date) => {
  expect(firmwareDate(text)).toBe(date);
});
