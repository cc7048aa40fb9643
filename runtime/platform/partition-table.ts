/** One partition, in bytes from the start of the disk, aligned to 1 MiB. */
export type Partition = {
  role: 'system' | 'msr' | 'primary' | 'recovery';
  name: string;
  startBytes: number;
  bytes: number;
  fileSystem: 'ntfs' | 'fat32' | 'none';
  active: boolean;
  /** GPT only. */
  guid?: string;
};

/** What is to be on a disk. Pure data: a platform turns it into sfdisk's or diskpart's words. */
export type PartitionTable = {
  style: 'gpt' | 'mbr';
  /** GUID of a GPT disk, or the signature of an MBR disk as 8 hexadecimal digits. */
  identity: string;
  partitions: Partition[];
};

/** GPT type GUIDs (Microsoft: "PARTITION_INFORMATION_GPT"). */
export const GPT_TYPES = {
  system: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
  msr: 'E3C9E316-0B5C-4DB8-817D-F92DF00215AE',
  primary: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
  recovery: 'DE94BBA4-06D1-4D40-A16A-BFD50179D6AC',
} as const;

/** MBR type numbers: NTFS or exFAT, hidden recovery, FAT32 with LBA. */
export const MBR_TYPES = { ntfs: '07', recovery: '27', fat32: '0c' } as const;
