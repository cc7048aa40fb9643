import { join } from 'node:path';
import type { Disk, Machine } from '../../contract/machine.ts';
import { MEDIUM_PATHS } from '../../contract/manifest.ts';
import { exists } from '../../host/exists.ts';
import { isUnfinished } from '../claim.ts';
import { fileSystemAt, isExfatAt } from '../file-system-at.ts';
import { mediumFactsAt } from '../hold-medium.ts';
import { manifestIdAt } from '../manifest-id.ts';
import { GPT_TYPES } from '../partition-table.ts';
import type { MountedMedium } from '../platform.ts';
import { readAt } from '../raw-disk.ts';
import { placeOfLetter, readLayout, sameDisk } from './devices.ts';
import { diskNumber, lettersScript } from './diskpart.ts';
import { listDisks } from './disks.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { spareLetters, takenLetters } from './letters.ts';
import { runDiskpart } from './run-diskpart.ts';

const MIB = 1024 ** 2;

/** A partition as Windows numbers it now, in bytes from the start of its disk. */
export type DiskPartition = { number: number; startBytes: number; bytes: number; type?: string; guid?: string };

/** `data` has the manifest, and is what a medium of one volume starts from as well. */
export type MediumPartition = DiskPartition & {
  role: 'data' | 'boot';
  fileSystem: MediumFileSystem;
  /** What opens its root now. */
  root: string;
  letter: string | undefined;
};
export type MediumFileSystem = 'fat32' | 'exfat' | 'ntfs';

/** A medium on the disk that it is made to deploy. */
export type PrestagedMedium = {
  id: string;
  label: string;
  /** What opens the disk. */
  disk: string;
  style: 'gpt' | 'mbr';
  partitions: readonly MediumPartition[];
  /** Everything else that the table has. */
  others: readonly DiskPartition[];
};

/**
 * Where a prestaged medium lies, as the disk is now. Undefined for one of another kind, for one that somebody has put onto
 * a stick, and where the volume that it starts from is not on the same disk: then nothing of that disk is touched.
 */
export async function prestagedMedium(
  host: WinpeHost,
  { root, device, disk }: Pick<MountedMedium, 'root' | 'device' | 'disk'>,
): Promise<PrestagedMedium | undefined> {
  const facts = await mediumFactsAt(root);
  const id = await manifestIdAt(root);
  const letter = device.charAt(0);
  if (facts?.prestaged !== true || id === undefined || host.win32.driveType(letter) !== 'fixed') return undefined;
  const listed = (await listDisks(host)).find((candidate) => sameDisk(candidate.device, disk));
  if (listed === undefined || listed.removable || listed.bus === 'usb') return undefined;
  const layout = readLayout(host.win32, disk);
  const number = placeOfLetter(host.win32, letter)?.partition;
  if (layout === undefined || layout.style === 'raw') return undefined;
  const place = layout.partitions.find((partition) => partition.number === number);
  const fileSystem = place === undefined ? undefined : await mediumFileSystem(disk, place.startBytes);
  if (place === undefined || fileSystem === undefined) return undefined;
  const data: MediumPartition = { ...place, role: 'data', fileSystem, root, letter };
  const partitions = [data];
  if (!(await isStartedFrom(root, id))) {
    const boot = await findBoot(host, { disk, id, data, partitions: layout.partitions });
    if (boot === undefined) {
      host.log('warning', `the volume that the medium starts from is not on ${disk}: the disk cannot be deployed`);
      return undefined;
    }
    partitions.push(boot);
  }
  const others = layout.partitions.filter((partition) => partitions.every((own) => own.number !== partition.number));
  return { id, label: facts.label, disk, style: layout.style, partitions, others };
}

/** The machine as rules shall see it: its disk may be deployed, and with nothing but the medium on it, it is empty. */
export async function withPrestaged(machine: Machine, medium: PrestagedMedium | undefined): Promise<Machine> {
  if (medium === undefined) return machine;
  const prestagedBytes = mediumBytes(medium.partitions);
  const empty = medium.others.every(isNothing) || isUnfinished(await readAt(medium.disk, 0, MIB));
  const disks = machine.disks.map(
    (disk): Disk => (sameDisk(disk.device, medium.disk) ? { ...disk, prestagedBytes, empty } : disk),
  );
  return { ...machine, disks };
}

/** What the medium occupies, each of its partitions in whole MiB. */
function mediumBytes(partitions: readonly Pick<DiskPartition, 'bytes'>[]): number {
  return partitions.reduce((sum, { bytes }) => sum + wholeMebibytes(bytes), 0);
}

export function wholeMebibytes(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}

/** GRUB's place before the first volume, and what diskpart itself puts onto a fresh GPT disk. */
function isNothing({ startBytes, bytes, type }: DiskPartition): boolean {
  return startBytes + bytes <= MIB || type === GPT_TYPES.msr;
}

async function mediumFileSystem(disk: string, offset: number): Promise<MediumFileSystem | undefined> {
  return (await fileSystemAt(disk, offset)) ?? ((await isExfatAt(disk, offset)) ? 'exfat' : undefined);
}

/** By the file that GRUB knows the medium by. It is the last that is written when a medium is moved. */
function isStartedFrom(root: string, id: string): Promise<boolean> {
  return exists(join(root, MEDIUM_PATHS.bios, id));
}

type Search = { disk: string; id: string; data: MediumPartition; partitions: readonly DiskPartition[] };

/** The nearest one: a move that was cut may have left a second. */
async function findBoot(host: WinpeHost, search: Search): Promise<MediumPartition | undefined> {
  const { disk, id, data, partitions } = search;
  const distance = ({ startBytes }: DiskPartition): number => Math.abs(startBytes - data.startBytes);
  const hidden: DiskPartition[] = [];
  for (const partition of partitions.toSorted((a, b) => distance(a) - distance(b))) {
    if (partition.number === data.number || (await mediumFileSystem(disk, partition.startBytes)) !== 'fat32') continue;
    const letter = letterOfPartition(host, disk, partition.number);
    const root = rootOf(host, partition, letter);
    if (root !== undefined && (await isStartedFrom(root, id)))
      return { ...partition, role: 'boot', fileSystem: 'fat32', root, letter };
    if (letter === undefined) hidden.push(partition);
  }
  return hidden.length === 0 || !(await showVolumes(host, disk, hidden)) ? undefined : findShown(host, search, hidden);
}

async function findShown(
  host: WinpeHost,
  { disk, id }: Search,
  shown: readonly DiskPartition[],
): Promise<MediumPartition | undefined> {
  for (const partition of shown) {
    const letter = letterOfPartition(host, disk, partition.number);
    if (letter === undefined || !(await isStartedFrom(host.drive(letter), id))) continue;
    return { ...partition, role: 'boot', fileSystem: 'fat32', root: host.drive(letter), letter };
  }
  return undefined;
}

function rootOf(host: WinpeHost, { guid }: DiskPartition, letter: string | undefined): string | undefined {
  if (letter !== undefined) return host.drive(letter);
  return guid === undefined ? undefined : host.volume(guid);
}

function letterOfPartition({ win32, disk }: WinpeHost, device: string, number: number): string | undefined {
  return win32.driveLetters().find((letter) => {
    if (win32.driveType(letter) !== 'fixed') return false;
    const place = placeOfLetter(win32, letter);
    return place !== undefined && place.partition === number && sameDisk(disk(place.disk), device);
  });
}

/** Windows gives an EFI system volume no letter, and its name may be another's on a disk that is a copy. */
async function showVolumes(host: WinpeHost, disk: string, hidden: readonly DiskPartition[]): Promise<boolean> {
  return tryTo(host, async () => {
    const letters = spareLetters(hidden.length, takenLetters(host.win32));
    const script = lettersScript(diskNumber({ device: disk }), hidden, letters);
    await runDiskpart(host, script, `the system volume of ${disk} gets no letter`, undefined);
  });
}
