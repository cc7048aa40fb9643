import { describe, expect, it } from 'vitest';
import { type HiveValue, hiveFromPaths } from '../../../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../../../runtime/hive/regf.ts';
import { endOfCleanHive } from '../../../../runtime/hive/regf-base-block.ts';
import { setHiveValues } from '../../../../runtime/hive/regf-edit.ts';
import { hiveNumber, hiveText } from '../../../../runtime/hive/regf-read.ts';

const timestamp = new Date('2026-03-04T05:06:07Z');
const later = new Date('2026-05-06T07:08:09Z');
const VALUES: HiveValue[] = [
  { name: 'Text', type: 'SZ', data: 'new' },
  { name: 'Number', type: 'DWORD', data: 6 },
];
const BINS = 4096;

const hive = (): Buffer =>
  Buffer.from(
    writeHive(
      hiveFromPaths('SYSTEM', {
        Select: { Default: { type: 'DWORD', data: 2 } },
        'A\\B': { Text: { type: 'SZ', data: 'a text that was there' }, Other: { type: 'QWORD', data: 1n } },
      }),
      { timestamp },
    ),
  );

describe('values that are set in a hive', () => {
  it.each(['A\\B', 'a\\b', 'A\\C', 'D\\E\\F'])('are in the key %s', (path) => {
    const edited = setHiveValues(hive(), path, VALUES, later) ?? Buffer.alloc(0);
    expect([hiveText(edited, path, 'text'), hiveNumber(edited, path, 'NUMBER')]).toEqual(['new', 6]);
    expect(hiveText(edited, 'A\\B', 'Text')).toBe(path.toUpperCase() === 'A\\B' ? 'new' : 'a text that was there');
    expect(hiveNumber(edited, 'Select', 'Default')).toBe(2);
    expect(endOfCleanHive(edited)).toBe(edited.length);
  });

  it.each(['A\\B', 'A\\C'])('leave cells that fill every bin without a gap: %s', (path) => {
    const edited = setHiveValues(hive(), path, VALUES, later) ?? Buffer.alloc(0);
    let bins = 0;
    for (let bin = BINS; bin < edited.length; bin += edited.readUInt32LE(bin + 8)) {
      expect([edited.toString('latin1', bin, bin + 4), edited.readUInt32LE(bin + 4)]).toEqual(['hbin', bin - BINS]);
      const end = bin + edited.readUInt32LE(bin + 8);
      let cell = bin + 32;
      while (cell < end) cell += Math.max(8, Math.abs(edited.readInt32LE(cell)));
      expect(cell).toBe(end);
      bins += 1;
    }
    expect(bins).toBe(2);
  });

  it('leave out what lies behind the last bin', () => {
    const behind = Buffer.concat([hive(), Buffer.alloc(4096, 7)]);
    expect(setHiveValues(behind, 'A\\B', VALUES, later)).toEqual(setHiveValues(hive(), 'A\\B', VALUES, later));
  });

  it.each<[string, (hive: Buffer) => Buffer]>([
    ['nothing', () => Buffer.alloc(0)],
    ['another file', () => Buffer.alloc(9000, 'no hive')],
    ['the half of a hive', (whole) => whole.subarray(0, 6000)],
    ['a hive whose log has more', (whole) => whole.fill(9, 4, 5)],
    ['a hive with another checksum', (whole) => whole.fill(9, 600, 601).fill(1, 500, 501)],
    ['a hive whose root is nowhere', (whole) => withRoot(whole, 0x7ffffff0)],
  ])('are not set in %s', (_what, broken) => {
    expect(setHiveValues(broken(hive()), 'A\\B', VALUES, later)).toBeUndefined();
  });
});

/** Another place of the root, with a checksum that is right. */
function withRoot(hive: Buffer, offset: number): Buffer {
  const sum = (hive.readUInt32LE(508) ^ hive.readUInt32LE(36) ^ offset) >>> 0;
  hive.writeUInt32LE(offset, 36);
  hive.writeUInt32LE(sum, 508);
  return hive;
}
