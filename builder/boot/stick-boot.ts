/** Code of a master boot record; behind it lie the disk's signature and the table. */
const CODE_BYTES = 440;
const SECTOR_BYTES = 512;
/** In boot.img: the sector that is loaded (GRUB: boot.h, GRUB_BOOT_MACHINE_KERNEL_SECTOR). */
const LOADED_SECTOR = 0x5c;
/** In the core's first sector: where its rest begins, in the only list of blocks (GRUB: diskboot.h, diskboot.S). */
const REST_BEGINS = 0x1f4;

/**
 * GRUB's boot.img as the code of a stick's sector 0, for a core that begins at sector `coreSector` of the stick. It loads
 * from the drive the BIOS has started.
 */
export function bootSectorCode(bootImage: Buffer, coreSector: number): Buffer {
  const code = Buffer.from(bootImage.subarray(0, CODE_BYTES));
  code.writeBigUInt64LE(BigInt(coreSector), LOADED_SECTOR);
  return code;
}

/**
 * GRUB's core.img for the sectors from `coreSector` on, padded to whole ones: in the gap before the first partition or in
 * a BIOS boot partition. How many sectors it loads, and to where, it knows from its making.
 */
export function placedCore(coreImage: Buffer, coreSector: number): Buffer {
  const core = Buffer.alloc(Math.ceil(coreImage.length / SECTOR_BYTES) * SECTOR_BYTES);
  coreImage.copy(core);
  core.writeBigUInt64LE(BigInt(coreSector + 1), REST_BEGINS);
  return core;
}
