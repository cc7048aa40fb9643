import { expect, it } from 'vitest';
import { bootSectorCode, placedCore } from '../../../../builder/boot/stick-boot.ts';

const FAR = 2 ** 33;

it('bootSectorCode names the sector to load and changes nothing else', () => {
  const image = Buffer.alloc(512, 0xaa);
  const code = bootSectorCode(image, FAR);
  expect(code).toHaveLength(440);
  expect(code.readBigUInt64LE(0x5c)).toBe(BigInt(FAR));
  const same = Buffer.concat([code.subarray(0, 0x5c), code.subarray(0x64)]);
  expect(same.equals(Buffer.alloc(440 - 8, 0xaa))).toBe(true);
  expect(image.equals(Buffer.alloc(512, 0xaa))).toBe(true);
});

it('placedCore names the sector behind its first and fills the last one', () => {
  const image = Buffer.alloc(3 * 512 + 1, 0xbb);
  const core = placedCore(image, FAR);
  expect(core).toHaveLength(4 * 512);
  expect(core.readBigUInt64LE(0x1f4)).toBe(BigInt(FAR + 1));
  const same = Buffer.concat([core.subarray(0, 0x1f4), core.subarray(0x1fc)]);
  expect(same.equals(Buffer.concat([image.subarray(8), Buffer.alloc(511)]))).toBe(true);
});

it('leaves a core for the sector behind the table as GRUB makes it', () => {
  const image = Buffer.alloc(1024);
  image.writeUInt8(2, 0x1f4);
  expect(placedCore(image, 1).equals(image)).toBe(true);
});
