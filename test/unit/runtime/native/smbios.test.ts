import { describe, expect, it } from 'vitest';
import { parseSmbios } from '../../../../runtime/native/smbios.ts';

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
const BIOS = structure({ type: 0, length: 0x18, bytes: { 4: 1, 5: 2 }, strings: ['Maker', '1.2.3'] });
const SYSTEM = structure({
  type: 1,
  length: 0x1b,
  bytes: { 4: 1, 5: 2, 6: 3, 7: 4, 8: UUID },
  strings: ['Stand-in Inc. ', 'Model 5', 'v1', 'To be filled by O.E.M.'],
});
const BOARD = structure({ type: 2, length: 0x0f, bytes: { 4: 1, 5: 2 }, strings: ['Board maker', 'Board 7'] });
const CHASSIS = structure({ type: 3, length: 0x16, bytes: { 4: 1, 5: 0x89, 8: 2 }, strings: ['Maker', 'ASSET-9'] });
const PROCESSOR = structure({ type: 4, length: 0x30, bytes: { 20: [0x10, 0x0e], 22: [0x54, 0x0b] } });
const END = structure({ type: 127, length: 4, bytes: {} });

const NOTHING = {
  biosVersion: '',
  make: '',
  model: '',
  serial: '',
  uuid: '',
  boardModel: '',
  assetTag: '',
  chassisType: 0,
  processorMegahertz: 0,
};

describe('parseSmbios', () => {
  it('reads the structures it knows, in any order, and leaves texts as the maker left them', () => {
    expect(parseSmbios(rawTable(CHASSIS, PROCESSOR, BIOS, SYSTEM, BOARD, END))).toEqual({
      biosVersion: '1.2.3',
      make: 'Stand-in Inc.',
      model: 'Model 5',
      serial: 'To be filled by O.E.M.',
      uuid: '00112233-4455-6677-8899-AABBCCDDEEFF',
      boardModel: 'Board 7',
      assetTag: 'ASSET-9',
      chassisType: 9,
      processorMegahertz: 2900,
    });
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
      expect(['', '1.2.3']).toContain(found.biosVersion);
      expect(['', 'Model 5']).toContain(found.model);
    }
    expect(parseSmbios(whole.subarray(0, 8 + BIOS.length + 10))).toEqual({ ...NOTHING, biosVersion: '1.2.3' });
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
