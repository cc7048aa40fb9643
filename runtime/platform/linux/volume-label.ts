import { NTFS_ATTRIBUTES, NTFS_FILES, readNtfsAttribute } from '../ntfs-records.ts';
import { readAt } from '../raw-disk.ts';
import type { FileSystem } from './mount.ts';

export type LabelledVolume = { fileSystem: FileSystem; label: string };

/** Microsoft's specifications of FAT and exFAT; the Linux-NTFS project's documentation of NTFS; ECMA-119. */
const READERS: readonly {
  fileSystem: FileSystem;
  at: number;
  word: string;
  read: (device: string) => Promise<string>;
}[] = [
  { fileSystem: 'iso9660', at: 16 * 2048 + 1, word: 'CD001', read: isoLabel },
  { fileSystem: 'fat32', at: 82, word: 'FAT32   ', read: fat32Label },
  { fileSystem: 'exfat', at: 3, word: 'EXFAT   ', read: exfatLabel },
  { fileSystem: 'ntfs', at: 3, word: 'NTFS    ', read: ntfsLabel },
];

/** The file system and the label of a volume, read from its own structures; undefined where it cannot be read or is another. */
export async function volumeLabel(device: string): Promise<LabelledVolume | undefined> {
  try {
    for (const { fileSystem, at, word, read } of READERS) {
      if ((await readAt(device, at, word.length)).toString('latin1') === word)
        return { fileSystem, label: (await read(device)).trim() };
    }
  } catch {
    // Not readable, or not what its signature says.
  }
  return undefined;
}

async function isoLabel(device: string): Promise<string> {
  return (await readAt(device, 16 * 2048 + 40, 32)).toString('latin1');
}

/** The entry in the root folder, which Windows changes alone; else what the boot sector says. */
async function fat32Label(device: string): Promise<string> {
  const boot = await readAt(device, 0, 512);
  const sectorBytes = boot.readUInt16LE(11);
  const clusterSectors = boot.readUInt8(13);
  const data = boot.readUInt16LE(14) + boot.readUInt8(16) * boot.readUInt32LE(36);
  const root = data + (boot.readUInt32LE(44) - 2) * clusterSectors;
  const entries = entriesOf(await readAt(device, root * sectorBytes, clusterSectors * sectorBytes));
  const label = entries.find((entry) => entry[0] !== 0xe5 && ((entry[11] ?? 0) & 0x3f) === 0x08);
  return (label?.subarray(0, 11) ?? boot.subarray(71, 82)).toString('latin1');
}

async function exfatLabel(device: string): Promise<string> {
  const boot = await readAt(device, 0, 512);
  const sectorBytes = 2 ** boot.readUInt8(108);
  const clusterSectors = 2 ** boot.readUInt8(109);
  const root = boot.readUInt32LE(88) + (boot.readUInt32LE(96) - 2) * clusterSectors;
  const entries = entriesOf(await readAt(device, root * sectorBytes, clusterSectors * sectorBytes));
  const label = entries.find(([type]) => type === 0x83);
  return label?.toString('utf16le', 2, 2 + 2 * (label[1] ?? 0)) ?? '';
}

/** The folder's entries up to its end, in its first cluster: whoever makes a volume writes the label first. */
function entriesOf(cluster: Buffer): Buffer[] {
  const all = Array.from({ length: Math.floor(cluster.length / 32) }, (_, nth) =>
    cluster.subarray(nth * 32, nth * 32 + 32),
  );
  const end = all.findIndex(([first]) => first === 0);
  return end < 0 ? all : all.slice(0, end);
}

async function ntfsLabel(device: string): Promise<string> {
  const name = await readNtfsAttribute(device, NTFS_FILES.volume, NTFS_ATTRIBUTES.volumeName);
  return name?.resident?.toString('utf16le') ?? '';
}
