import { expect, it } from 'vitest';
import { shareResource } from '../../../../runtime/native/win32-network.ts';

const BASE = 0x7ff0_1234_5670n;

it.each([
  ['Z:', 'Z:'],
  [undefined, undefined],
])('a share with the drive letter %s', (drive, expected) => {
  const bytes = shareResource('\\\\srv\\share dir', drive, () => BASE);
  const textAt = (field: number): string | undefined => {
    const pointer = bytes.readBigUInt64LE(field);
    if (pointer === 0n) return undefined;
    const [text] = bytes.toString('utf16le', Number(pointer - BASE)).split('\0');
    return text;
  };
  // RESOURCETYPE_DISK, lpLocalName, lpRemoteName, lpComment, lpProvider
  expect([bytes.readUInt32LE(4), textAt(16), textAt(24), textAt(32), textAt(40)]).toEqual([
    ...[1, expected, '\\\\srv\\share dir', undefined, undefined],
  ]);
});
