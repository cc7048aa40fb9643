import { describe, expect, it } from 'vitest';
import { guidBytes } from '../../../../runtime/hive/guid.ts';
import { multiText } from '../../../../runtime/native/win32-library.ts';
import { lettersOf, reparseHeader } from '../../../../runtime/native/win32-storage.ts';
import {
  decodeDeviceDescriptor,
  decodeDeviceNumber,
  decodeGeometry,
  decodeLayout,
  decodeNvmeSerial,
  NVME_IDENTIFY_QUERY,
} from '../../../../runtime/native/win32-structs.ts';
import { chargeOf, drawsFromBattery } from '../../../../runtime/native/win32-system.ts';

const MIB = 1024 ** 2;
const DISK_GUID = '0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0';
const PARTITION_GUID = '11111111-2222-3333-4444-555555555555';

function partition(style: number, number: number, startBytes: number, bytes: number): Buffer {
  const entry = Buffer.alloc(144);
  entry.writeUInt32LE(style, 0);
  entry.writeBigUInt64LE(BigInt(startBytes), 8);
  entry.writeBigUInt64LE(BigInt(bytes), 16);
  entry.writeUInt32LE(number, 24);
  if (style === 1) entry.set(guidBytes(PARTITION_GUID), 48);
  return entry;
}

function layout(style: number, identity: Uint8Array, entries: Buffer[]): Buffer {
  const header = Buffer.alloc(48);
  header.writeUInt32LE(style, 0);
  header.writeUInt32LE(entries.length, 4);
  header.set(identity, 8);
  return Buffer.concat([header, ...entries]);
}

const NO_GUID = '00000000-0000-0000-0000-000000000000';

describe('decodeLayout', () => {
  it('of a GPT disk', () => {
    const data = layout(1, guidBytes(DISK_GUID), [
      partition(1, 1, MIB, 260 * MIB),
      partition(1, 2, 261 * MIB, 16 * MIB),
    ]);
    expect(decodeLayout(data)).toEqual({
      style: 'gpt',
      identity: DISK_GUID,
      partitions: [
        { number: 1, startBytes: MIB, bytes: 260 * MIB, type: NO_GUID, guid: PARTITION_GUID },
        { number: 2, startBytes: 261 * MIB, bytes: 16 * MIB, type: NO_GUID, guid: PARTITION_GUID },
      ],
    });
  });

  it('of an MBR disk, without its empty places', () => {
    const entries = [partition(0, 1, MIB, 100 * MIB), ...Array.from({ length: 3 }, () => partition(0, 0, 0, 0))];
    expect(decodeLayout(layout(0, Buffer.from([0x78, 0x56, 0x34, 0x02]), entries))).toEqual({
      style: 'mbr',
      identity: '02345678',
      partitions: [{ number: 1, startBytes: MIB, bytes: 100 * MIB }],
    });
  });

  it('of an MBR disk, without its extended partition and the records in it', () => {
    const typed = (type: number, ...place: [number: number, startBytes: number, bytes: number]): Buffer => {
      const entry = partition(0, ...place);
      entry.writeUInt8(type, 32);
      return entry;
    };
    const entries = [
      ...[typed(0x07, 1, MIB, 100 * MIB), typed(0x0f, 0, 101 * MIB, 500 * MIB)],
      ...[typed(0x07, 2, 102 * MIB, 10 * MIB), typed(0x05, 9, 112 * MIB, 20 * MIB)],
    ];
    expect(decodeLayout(layout(0, Buffer.alloc(4), entries))?.partitions).toEqual([
      { number: 1, startBytes: MIB, bytes: 100 * MIB },
      { number: 2, startBytes: 102 * MIB, bytes: 10 * MIB },
    ]);
  });

  it('of a disk without a table', () => {
    expect(decodeLayout(layout(2, Buffer.alloc(0), []))).toEqual({ style: 'raw', identity: '', partitions: [] });
  });

  it('that is shorter than it says', () => {
    const data = layout(1, guidBytes(DISK_GUID), [partition(1, 1, MIB, MIB)]);
    data.writeUInt32LE(5, 4);
    expect(decodeLayout(data)?.partitions).toHaveLength(1);
    expect(decodeLayout(data.subarray(0, 60))?.partitions).toEqual([]);
    expect(decodeLayout(data.subarray(0, 20))).toBeUndefined();
  });
});

describe('decodeDeviceDescriptor', () => {
  function descriptor(texts: { vendor?: string; product?: string; serial?: string }, tail = Buffer.alloc(0)): Buffer {
    const header = Buffer.alloc(36);
    header[10] = 1;
    header.writeUInt32LE(7, 28);
    const parts = [header];
    for (const [at, text] of [
      [12, texts.vendor],
      [16, texts.product],
      [24, texts.serial],
    ] as const) {
      if (text === undefined) continue;
      header.writeUInt32LE(Buffer.concat(parts).length, at);
      parts.push(Buffer.from(`${text}\0`, 'latin1'));
    }
    return Buffer.concat([...parts, tail]);
  }

  it('reads each text where the descriptor says', () => {
    const data = descriptor({ vendor: 'Stand-in ', product: 'Stick        ', serial: '  S123' });
    expect(decodeDeviceDescriptor(data)).toEqual({
      vendor: 'Stand-in',
      product: 'Stick',
      serial: 'S123',
      bus: 7,
      removable: true,
    });
  });

  it('has empty texts where there are none, or where an offset leads out of it', () => {
    const data = descriptor({ product: 'Disk' });
    data.writeUInt32LE(0xffffffff, 24);
    expect(decodeDeviceDescriptor(data)).toMatchObject({ vendor: '', product: 'Disk', serial: '' });
    expect(decodeDeviceDescriptor(data.subarray(0, -1))).toMatchObject({ product: 'Disk' });
    expect(decodeDeviceDescriptor(Buffer.alloc(8))).toBeUndefined();
  });
});

it('asks an NVMe controller to identify itself, and finds its serial number', () => {
  const words = Array.from({ length: 8 }, (_, index) => NVME_IDENTIFY_QUERY.readUInt32LE(index * 4));
  expect(words).toEqual([49, 0, 3, 1, 1, 0, 40, 4096]);
  const data = Buffer.alloc(NVME_IDENTIFY_QUERY.length);
  data.write('S4EWNX0N123456      Model of the disk', 48 + 4, 'latin1');
  expect(decodeNvmeSerial(data)).toBe('S4EWNX0N123456');
  expect(decodeNvmeSerial(Buffer.alloc(0))).toBe('');
});

it('decodeGeometry', () => {
  const data = Buffer.alloc(40);
  data.writeUInt32LE(4096, 20);
  data.writeBigUInt64LE(2n ** 41n, 24);
  expect(decodeGeometry(data)).toEqual({ sectorBytes: 4096, bytes: 2 ** 41 });
  expect(decodeGeometry(data.subarray(0, 24))).toBeUndefined();
});

it.each([
  ['a partition of a disk', [7, 2, 1], { disk: 2, partition: 1 }],
  ['a disk without partitions', [7, 3, 0], { disk: 3, partition: 0 }],
  ['a disc', [2, 0, 0xffffffff], undefined],
  ['a RAM disk', [7, 0, 0xffffffff], undefined],
  ['what has no number', [7, 0xffffffff, 1], undefined],
  ['half an answer', [7, 1], undefined],
])('decodeDeviceNumber of %s', (_, words, place) => {
  expect(decodeDeviceNumber(Buffer.from(Uint32Array.from(words).buffer))).toEqual(place);
});

it.each([
  [0, []],
  [0b1, ['A']],
  [(1 << 2) | (1 << 23), ['C', 'X']],
  [1 << 25, ['Z']],
])('letters of the mask %i', (mask, letters) => {
  expect(lettersOf(mask)).toEqual(letters);
});

it.each([
  ['PCI\\A\0PCI\\B\0\0', ['PCI\\A', 'PCI\\B']],
  ['PCI\\A\0\0garbage\0', ['PCI\\A']],
  ['PCI\\A', ['PCI\\A']],
  ['', []],
])('texts of %j', (text, texts) => {
  expect(multiText(Buffer.from(text, 'utf16le'))).toEqual(texts);
});

it.each([
  ['on the line', [1, 1], false],
  ['on the battery', [0, 1], true],
  ['no battery', [0, 128], false],
  ['not known', [255, 255], false],
])('%s', (_, status, expected) => {
  expect(drawsFromBattery(Uint8Array.from(status))).toBe(expected);
});

it.each([
  ['half full', [1, 0, 50], 50],
  ['not known', [0, 1, 255], 0],
  ['no battery', [1, 128, 255], undefined],
  ['nothing is known', [255, 255, 255], undefined],
])('the charge of a battery: %s', (_, status, expected) => {
  expect(chargeOf(Uint8Array.from(status))).toBe(expected);
});

describe('reparseHeader', () => {
  it.each([
    ["Microsoft's, a tag alone", 0xa0000003, 8],
    ["another's, with its GUID", 0x00000042, 24],
  ])('names one of %s, and has no data', (_, tag, bytes) => {
    const point = Buffer.alloc(40, 0xee);
    point.writeUInt32LE(tag, 0);
    point.writeUInt16LE(12, 4);
    const before = Buffer.from(point);
    const header = reparseHeader(point);
    expect(header.readUInt32LE(0)).toBe(tag);
    expect(header.readUInt32LE(4)).toBe(0);
    expect(header.subarray(8)).toEqual(point.subarray(8, bytes));
    expect(point).toEqual(before);
  });
});
