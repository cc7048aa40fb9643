import type { RegistryValue } from '../../contract/facts.ts';
import { multiText } from '../../native/win32-library.ts';
import type { RawRegistryValue } from '../../native/win32-registry.ts';

const BIG_ENDIAN_NUMBER = 5;
/** By Windows' numbers (Microsoft: "Registry value types"). Lists of hardware resources are bytes to us. */
const TYPES: Readonly<Record<number, RegistryValue['type']>> = {
  0: 'REG_NONE',
  1: 'REG_SZ',
  2: 'REG_EXPAND_SZ',
  4: 'REG_DWORD',
  [BIG_ENDIAN_NUMBER]: 'REG_DWORD',
  7: 'REG_MULTI_SZ',
  11: 'REG_QWORD',
};

/**
 * A value as its type gives it. A text ends at its first zero and is not expanded; a number of too few bytes is filled up
 * with zeros. Pure.
 */
export function decodeRegistryValue({ type: number, data }: RawRegistryValue): RegistryValue {
  const type = TYPES[number] ?? 'REG_BINARY';
  switch (type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return { type, data: textOf(data) };
    case 'REG_MULTI_SZ':
      return { type, data: multiText(data) };
    case 'REG_DWORD':
      return { type, data: BigInt(bytes(data, 4)[number === BIG_ENDIAN_NUMBER ? 'readUInt32BE' : 'readUInt32LE']()) };
    case 'REG_QWORD':
      return { type, data: bytes(data, 8).readBigUInt64LE() };
    default:
      return { type, data };
  }
}

function textOf(data: Buffer): string {
  const [text = ''] = data.toString('utf16le').split('\0', 1);
  return text;
}

function bytes(data: Buffer, count: number): Buffer {
  return Buffer.concat([data, Buffer.alloc(count)]).subarray(0, count);
}
