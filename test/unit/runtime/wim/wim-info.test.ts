import { describe, expect, it } from 'vitest';
import {
  bootIndexAsWimInfo,
  compressionNumber,
  guidAsWimInfo,
  parseWimInfo,
  WIM_INFO_SIZE,
} from '../../../../runtime/wim/wim-info.ts';

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
      esdFormat: false,
      pipable: false,
      unfinished: false,
    });
  });

  it('sees no integrity table in the flags beside its own', () => {
    const bytes = Buffer.alloc(WIM_INFO_SIZE);
    bytes.writeUInt32LE(0xfffe, 48);
    expect(parseWimInfo(bytes)).toMatchObject({ hasIntegrityTable: false, pipable: true, unfinished: true });
  });

  it('knows the format of an ESD by the version in its header', () => {
    const bytes = Buffer.alloc(WIM_INFO_SIZE);
    bytes.writeUInt32LE(0xe00, 24);
    expect(parseWimInfo(bytes).esdFormat).toBe(true);
  });
});

describe('bootIndexAsWimInfo', () => {
  it('is read back', () => {
    expect(parseWimInfo(bootIndexAsWimInfo(2))).toMatchObject({ bootIndex: 2, imageCount: 0 });
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
