import type { Disk } from '../../contract/machine.ts';
import {
  GPT_ATTRIBUTES,
  GPT_TYPES,
  madeBeforeExtended,
  mbrType,
  type Partition,
  type PartitionTable,
} from '../partition-table.ts';

const KIB = 1024;
const MIB = 1024 ** 2;
const FAT_LABEL_CHARACTERS = 11;

/** The number diskpart knows a disk by. */
export function diskNumber({ device }: Pick<Disk, 'device'>): number {
  const number = /PhysicalDrive(\d+)$/i.exec(device)?.[1];
  if (number === undefined) throw new Error(`not a disk of Windows: ${device}`);
  return Number(number);
}

/**
 * Pure: takes everything off a disk and gives it an empty table. That the table gets the identity it was planned with is
 * welcome and not needed: what it really has is read afterwards.
 */
export function cleanScript(disk: number, { style, identity }: Pick<PartitionTable, 'style' | 'identity'>): string {
  return lines(`select disk ${disk}`, 'clean', `convert ${style}`, `uniqueid disk id=${identity} noerr`);
}

/** Pure: takes away partitions that Windows itself puts on a fresh GPT disk: the room is planned. */
export function removePartitionsScript(disk: number, numbers: readonly number[]): string {
  return lines(
    `select disk ${disk}`,
    ...numbers.flatMap((number) => [`select partition ${number}`, 'delete partition override']),
  );
}

/**
 * Pure: the whole table. `letters` has the letter of each partition, undefined for one without a file system. No
 * partition of an MBR disk is active yet: that is done when all is done.
 */
export function partitionScript(disk: number, table: PartitionTable, letters: readonly (string | undefined)[]): string {
  const { partitions, extended } = table;
  const commands = partitions.map((partition, index) => [
    createCommand(partition, table),
    ...volumeCommands(table.style, partition, letters[index]),
  ]);
  if (extended !== undefined)
    commands.splice(madeBeforeExtended(table), 0, [`create partition extended ${placeOf(extended)}`]);
  return lines(`select disk ${disk}`, ...commands.flat());
}

/**
 * A logical partition goes where Windows finds room for it, in order: of an offset Microsoft does not say whether the
 * record before the partition counts. One that ends with the extended partition gets no size, so that it has what is left.
 */
function createCommand(partition: Partition, { style, extended }: PartitionTable): string {
  const { role, startBytes, bytes, logical } = partition;
  if (logical === true && extended !== undefined) {
    const isLast = startBytes + bytes === extended.startBytes + extended.bytes;
    return isLast ? 'create partition logical' : `create partition logical size=${bytes / MIB}`;
  }
  const kinds = { system: 'efi', msr: 'msr', primary: 'primary', hidden: 'primary', recovery: 'primary' } as const;
  return `create partition ${style === 'mbr' ? 'primary' : kinds[role]} ${placeOf(partition)}`;
}

/** In megabytes and kilobytes, as diskpart counts; the table is aligned to megabytes. */
function placeOf({ startBytes, bytes }: { startBytes: number; bytes: number }): string {
  return `size=${bytes / MIB} offset=${startBytes / KIB}`;
}

function volumeCommands(style: PartitionTable['style'], partition: Partition, letter: string | undefined): string[] {
  const { role, fileSystem, name, fullFormat, noLetter } = partition;
  const commands: string[] = [];
  if (fileSystem !== 'none') {
    const format = fullFormat === true ? 'format' : 'format quick';
    commands.push(`${format} fs=${fileSystem} label="${volumeLabel(name, fileSystem)}"`);
    if (letter !== undefined) commands.push(`assign letter=${letter}`);
  }
  const { required, noDriveLetter } = GPT_ATTRIBUTES;
  if (role !== 'recovery' && role !== 'hidden')
    return style === 'gpt' && noLetter === true ? [...commands, attributesCommand(noDriveLetter)] : commands;
  if (style === 'mbr') return [...commands, `set id=${mbrType(partition)}`];
  return [...commands, `set id=${GPT_TYPES.recovery.toLowerCase()}`, attributesCommand(required | noDriveLetter)];
}

function attributesCommand(attributes: bigint): string {
  return `gpt attributes=0x${attributes.toString(16).padStart(16, '0')}`;
}

/** Pure: makes BIOS start the system volume. */
export function activeScript(disk: number, partition: number): string {
  return lines(`select disk ${disk}`, `select partition ${partition}`, 'active');
}

/** Pure: has BIOS start nothing from a volume. */
export function inactiveScript(disk: number, partition: number): string {
  return lines(`select disk ${disk}`, `select partition ${partition}`, 'inactive');
}

/** Pure: makes the file system of one volume anew. */
export function formatScript(letter: string, { fileSystem, name }: Pick<Partition, 'fileSystem' | 'name'>): string {
  return lines(
    `select volume ${letter}`,
    `format quick fs=${fileSystem} label="${volumeLabel(name, fileSystem)}" override`,
  );
}

/** Pure: gives volumes letters that a restart has taken from them. */
export function lettersScript(
  disk: number,
  volumes: readonly { number: number }[],
  letters: readonly (string | undefined)[],
): string {
  return lines(
    `select disk ${disk}`,
    ...volumes.flatMap(({ number }, index) =>
      letters[index] === undefined ? [] : [`select partition ${number}`, `assign letter=${letters[index]}`],
    ),
  );
}

/** A volume of a prestaged medium as it is to be made. */
export type MediumVolume = {
  role: 'data' | 'boot';
  fileSystem: 'fat32' | 'exfat' | 'ntfs';
  label: string;
  startBytes: number;
  bytes: number;
  letter: string;
};

/**
 * Pure: makes the volumes a medium is copied into. Firmware starts the one of type EFI, whichever number it has. Windows
 * looks at the size of the disk again first: a table that came with an image ends where the image did.
 */
export function mediumVolumesScript(
  disk: number,
  style: PartitionTable['style'],
  volumes: readonly MediumVolume[],
): string {
  return lines(
    'rescan',
    `select disk ${disk}`,
    ...volumes.flatMap(({ role, fileSystem, label, startBytes, bytes, letter }) => [
      `create partition ${style === 'gpt' && role === 'boot' ? 'efi' : 'primary'} size=${bytes / MIB} offset=${startBytes / KIB}`,
      `format quick fs=${fileSystem} label="${volumeLabel(label, fileSystem)}"`,
      `assign letter=${letter}`,
    ]),
  );
}

export type TakeOver = {
  /** Of an MBR disk: what BIOS is to see as active from now on. */
  active: number | undefined;
  /** The partitions the medium has been on. */
  old: readonly number[];
  /** The letter the medium has, and the one its new volume has so far. */
  letters: { medium: string; now: string };
};

/**
 * Pure: has a copy of the medium take the place of the medium, under its letter. Volumes are told by their letters behind
 * the deletions, because diskpart may have counted anew.
 */
export function takeOverScript(disk: number, { active, old, letters }: TakeOver): string {
  return lines(
    `select disk ${disk}`,
    ...(active === undefined ? [] : [`select partition ${active}`, 'active']),
    `select volume ${letters.medium}`,
    `remove letter=${letters.medium}`,
    ...deletions(old),
    `select volume ${letters.now}`,
    `remove letter=${letters.now}`,
    `assign letter=${letters.medium}`,
  );
}

/** Pure: takes partitions away and lets the volume before them grow by so many MiB; a size of 0 is a cut made good. */
export function giveBackScript(disk: number, numbers: readonly number[], volume: number, mebibytes: number): string {
  return lines(
    `select disk ${disk}`,
    ...deletions(numbers),
    `select partition ${volume}`,
    // A cut between the two has left a file system that is smaller than its partition.
    mebibytes > 0 ? `extend size=${mebibytes}` : 'extend filesystem noerr',
  );
}

/** Pure: gives the table another identity. */
export function identityScript(disk: number, identity: string): string {
  return lines(`select disk ${disk}`, `uniqueid disk id=${identity} noerr`);
}

/** From the last on: the numbers of those before it stay what they are. */
function deletions(numbers: readonly number[]): string[] {
  const order = numbers.toSorted((a, b) => b - a);
  return order.flatMap((number) => [`select partition ${number}`, 'delete partition override']);
}

/** diskpart reads its script in the code page of the system, so that a label has plain letters only. */
function volumeLabel(name: string, fileSystem: Partition['fileSystem'] | MediumVolume['fileSystem']): string {
  const plain = name.replace(/[^\x20-\x7e]|"/g, '_');
  if (fileSystem === 'exfat') return plain.slice(0, FAT_LABEL_CHARACTERS);
  if (fileSystem !== 'fat32') return plain;
  return plain
    .toUpperCase()
    .replace(/[^A-Z0-9_-]/g, '_')
    .slice(0, FAT_LABEL_CHARACTERS);
}

const lines = (...commands: string[]): string => commands.map((command) => `${command}\r\n`).join('');
