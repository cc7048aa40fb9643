import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bootSectorCode, placedCore } from '../../builder/boot/stick-boot.ts';
import { unpackedProgram } from '../../builder/tools/unpacked-program.ts';
import { exec } from '../../runtime/host/exec.ts';

const SECTOR_BYTES = 512;
const MIB = 1024 ** 2;
const VOLUME = { startBytes: 2 * MIB, bytes: 40 * MIB };
const CORE = { mbr: 1, gpt: 2048 } as const;
const sectors = (bytes: number): number => bytes / SECTOR_BYTES;

const [START, SIZE] = [sectors(VOLUME.startBytes), sectors(VOLUME.bytes)];
const BIOS_BOOT = '21686148-6449-6E6F-744E-656564454649';
const TABLES = {
  mbr: `label: dos\nstart=${START}, size=${SIZE}, type=c, bootable\n`,
  gpt: `label: gpt\nstart=${CORE.gpt}, size=${START - CORE.gpt}, type=${BIOS_BOOT}\nstart=${START}, size=${SIZE}, type=U\n`,
};

export type StickParts = {
  /** The unpacked Debian packages. */
  root: string;
  table: 'mbr' | 'gpt';
  /** GRUB's two images. */
  boot: { bootImage: Buffer; coreImage: Buffer };
  /** The files of its one volume, by path. */
  files: Record<string, string | Uint8Array>;
};

/** A stick that a BIOS starts, with one volume of FAT32, made by Debian's own tools. Returns its path. */
export async function makeStick(folder: string, { root, table, boot, files }: StickParts): Promise<string> {
  const stick = join(folder, 'stick.img');
  await using file = await open(stick, 'w+');
  await file.truncate(VOLUME.startBytes + VOLUME.bytes + MIB);
  await exec([...unpackedProgram(root, 'usr/sbin/sfdisk', 'sfdisk'), stick], { input: TABLES[table] });
  await file.write(bootSectorCode(boot.bootImage, CORE[table]), { position: 0 });
  const core = placedCore(boot.coreImage, CORE[table]);
  await file.write(core, { position: CORE[table] * SECTOR_BYTES });
  const blocks = ['-s', '1', '-h', String(START), '--offset', String(START)];
  await exec(['mkfs.fat', '-F', '32', ...blocks, stick, String(VOLUME.bytes / 1024)]);
  const image = `${stick}@@${VOLUME.startBytes}`;
  for (const [path, content] of Object.entries(files)) {
    const source = join(folder, 'files', path);
    await mkdir(dirname(source), { recursive: true });
    await writeFile(source, content);
  }
  const names = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
  await exec(['mcopy', '-s', '-i', image, ...names.map((name) => join(folder, 'files', name)), '::/']);
  return stick;
}
