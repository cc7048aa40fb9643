import { describe, expect, it } from 'vitest';
import { compressionNumber, guidAsWimInfo, parseWimInfo, WIM_INFO_SIZE } from '../../../../runtime/wim/wim-info.ts';

const GUID = '00112233445566778899aabbccddeeff';

describe('parseWimInfo', () => {
  it('reads the fields of the C structure', () => {
    const bytes = Buffer.alloc(WIM_INFO_SIZE);
    bytes.write(GUID, 0, 'hex');
    bytes.writeUInt32LE(3, 16);
    bytes.writeUInt32LE(2, 20);
    bytes.writeUInt32LE(0x10d00, 24);
    bytes.writeUInt32LE(32768, 28);
    bytes.writeUInt16LE(4, 32);
    bytes.writeUInt16LE(5, 34);
    bytes.writeInt32LE(2, 36);
    bytes.writeUInt32LE(0b101, 48);
    expect(parseWimInfo(bytes)).toEqual({
      guid: GUID,
      imageCount: 3,
      bootIndex: 2,
      chunkSize: 32768,
      partNumber: 4,
      totalParts: 5,
      compression: 'LZX',
      hasIntegrityTable: true,
    });
  });

  it('sees no integrity table in the flags beside its own', () => {
    const bytes = Buffer.alloc(WIM_INFO_SIZE);
    bytes.writeUInt32LE(0xfffe, 48);
    expect(parseWimInfo(bytes).hasIntegrityTable).toBe(false);
  });
});

describe('guidAsWimInfo', () => {
  it('is read back', () => {
    expect(parseWimInfo(guidAsWimInfo(GUID)).guid).toBe(GUID);
  });

  it.each(['', '1234', `${GUID}00`, '{00112233-4455-6677-8899-aabbccddeeff}'])('refuses %j', (guid) => {
    expect(() => guidAsWimInfo(guid)).toThrow('32 hexadecimal digits');
  });
});

it('numbers the compressions as the library does', () => {
  expect((['none', 'XPRESS', 'LZX', 'LZMS'] as const).map(compressionNumber)).toEqual([0, 1, 2, 3]);
});
