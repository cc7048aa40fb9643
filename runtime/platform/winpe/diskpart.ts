import type { Disk } from '../../contract/machine.ts';
import { GPT_TYPES, MBR_TYPES, type Partition, type PartitionTable } from '../partition-table.ts';

const KIB = 1024;
const MIB = 1024 ** 2;
/** Required by the platform, and no drive letter (Microsoft: "PARTITION_INFORMATION_GPT"). */
const RECOVERY_ATTRIBUTES = '0x8000000000000001';
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
export function partitionScript(
  disk: number,
  { style, partitions }: PartitionTable,
  letters: readonly (string | undefined)[],
): string {
  return lines(
    `select disk ${disk}`,
    ...partitions.flatMap((partition, index) => partitionCommands(style, partition, letters[index])),
  );
}

function partitionCommands(style: PartitionTable['style'], partition: Partition, letter: string | undefined): string[] {
  const { role, fileSystem, name, startBytes, bytes } = partition;
  const kind =
    style === 'mbr' ? 'primary' : { system: 'efi', msr: 'msr', primary: 'primary', recovery: 'primary' }[role];
  // In megabytes and kilobytes, as diskpart counts; the table is aligned to megabytes.
  const commands = [`create partition ${kind} size=${bytes / MIB} offset=${startBytes / KIB}`];
  if (fileSystem !== 'none') {
    commands.push(`format quick fs=${fileSystem} label="${volumeLabel(name, fileSystem)}"`);
    if (letter !== undefined) commands.push(`assign letter=${letter}`);
  }
  if (role !== 'recovery') return commands;
  if (style === 'mbr') return [...commands, `set id=${MBR_TYPES.recovery}`];
  return [...commands, `set id=${GPT_TYPES.recovery.toLowerCase()}`, `gpt attributes=${RECOVERY_ATTRIBUTES}`];
}

/** Pure: makes BIOS start the system volume. */
export function activeScript(disk: number, partition: number): string {
  return lines(`select disk ${disk}`, `select partition ${partition}`, 'active');
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

/** diskpart reads its script in the code page of the system, so that a label has plain letters only. */
function volumeLabel(name: string, fileSystem: Partition['fileSystem']): string {
  const plain = name.replace(/[^\x20-\x7e]|"/g, '_');
  if (fileSystem !== 'fat32') return plain;
  return plain
    .toUpperCase()
    .replace(/[^A-Z0-9_-]/g, '_')
    .slice(0, FAT_LABEL_CHARACTERS);
}

const lines = (...commands: string[]): string => commands.map((command) => `${command}\r\n`).join('');
