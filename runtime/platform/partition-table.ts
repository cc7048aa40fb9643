/** One partition, in bytes from the start of the disk, aligned to 1 MiB. */
export type Partition = {
  role: VolumeRole;
  name: string;
  startBytes: number;
  bytes: number;
  fileSystem: 'ntfs' | 'fat32' | 'none';
  active: boolean;
  /** MBR only: it lies in the extended partition, behind 1 MiB of its own for the record that describes it. */
  logical?: true;
  /** GPT only. */
  guid?: string;
  /** Every block of it is written or read before it has a file system. */
  fullFormat?: true;
  /** Windows gives it no drive letter: in WinPE, and from a GPT disk later too. */
  noLetter?: true;
};

/** What a layout makes a volume for. `hidden` (MBR only): it has a file system, and Windows gives it no letter. */
export type VolumeRole = 'system' | 'msr' | 'primary' | 'hidden' | 'recovery';

/** What is to be on a disk. Pure data: a platform turns it into sfdisk's or diskpart's words. */
export type PartitionTable = {
  style: 'gpt' | 'mbr';
  /** GUID of a GPT disk, or the signature of an MBR disk as 8 hexadecimal digits. */
  identity: string;
  /** Those that are volumes, in the order of their places. */
  partitions: Partition[];
  /** MBR only: the one that the logical partitions lie in. It is no volume. */
  extended?: { startBytes: number; bytes: number };
};

/** GPT type GUIDs (Microsoft: "PARTITION_INFORMATION_GPT"). */
export const GPT_TYPES = {
  system: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
  msr: 'E3C9E316-0B5C-4DB8-817D-F92DF00215AE',
  primary: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
  recovery: 'DE94BBA4-06D1-4D40-A16A-BFD50179D6AC',
} as const;

/** Attributes of a GPT partition, bits of a number (Microsoft: "PARTITION_INFORMATION_GPT"). */
export const GPT_ATTRIBUTES = { required: 1n << 0n, noDriveLetter: 1n << 63n } as const;

/** MBR type numbers: NTFS or exFAT, FAT32 with LBA, both hidden, hidden recovery, extended with LBA. */
export const MBR_TYPES = {
  ntfs: '07',
  fat32: '0c',
  hiddenNtfs: '17',
  hiddenFat32: '1c',
  recovery: '27',
  extended: '0f',
} as const;

/** MBR type numbers of extended partitions, as various systems make them. */
export const EXTENDED_TYPES: readonly number[] = [0x05, 0x0f, 0x85];

/** The type number of a partition on an MBR disk. */
export function mbrType({ role, fileSystem }: Pick<Partition, 'role' | 'fileSystem'>): string {
  if (role === 'recovery') return MBR_TYPES.recovery;
  if (role === 'hidden') return fileSystem === 'fat32' ? MBR_TYPES.hiddenFat32 : MBR_TYPES.hiddenNtfs;
  return fileSystem === 'fat32' ? MBR_TYPES.fat32 : MBR_TYPES.ntfs;
}

/** How many of the partitions are made before the extended one, which is there before what lies in it. */
export function madeBeforeExtended({ partitions, extended }: PartitionTable): number {
  return partitions.filter(({ startBytes }) => startBytes < (extended?.startBytes ?? 0)).length;
}

/** The numbers that Linux and sfdisk have for the partitions: the extended one has one too, and logical ones begin at 5. */
export function linuxNumbers(table: PartitionTable): number[] {
  const before = madeBeforeExtended(table);
  const counts = { primary: 0, logical: 4 };
  return table.partitions.map(({ logical }, index) => {
    if (logical === true) return ++counts.logical;
    counts.primary++;
    return table.extended !== undefined && index >= before ? counts.primary + 1 : counts.primary;
  });
}

/** The numbers that Windows has for the partitions from its start on: primary ones first; the extended one has none. */
export function windowsNumbers({ partitions }: PartitionTable): number[] {
  const counts = { primary: 0, logical: partitions.filter(({ logical }) => logical !== true).length };
  return partitions.map(({ logical }) => (logical === true ? ++counts.logical : ++counts.primary));
}
