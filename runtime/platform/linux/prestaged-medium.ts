import { join } from 'node:path';
import type { Disk, Machine } from '../../contract/machine.ts';
import { MEDIUM_PATHS } from '../../contract/manifest.ts';
import type { Exec } from '../../host/exec.ts';
import { exists } from '../../host/exists.ts';
import { isUnfinished } from '../claim.ts';
import { mediumFactsAt } from '../hold-medium.ts';
import { manifestIdAt } from '../manifest-id.ts';
import { onTwoDisks } from '../on-two-disks.ts';
import { readAt } from '../raw-disk.ts';
import { type DiskPartition, listDisks, partitionsOf } from './block-devices.ts';
import type { Roots } from './machine.ts';
import type { FoundMedium } from './medium.ts';
import { type MediumFileSystem, mediumFileSystem } from './medium-file-system.ts';
import { mountVolume } from './mount.ts';

const MIB = 1024 ** 2;

/** A partition that a prestaged medium lies on. A medium of one volume starts the machine from the one it has. */
export type MediumPartition = DiskPartition & { role: 'boot' | 'data'; fileSystem: MediumFileSystem };

/** A medium that lies on the disk it is made for. `partitions` in the order of their places. */
export type PrestagedMedium = {
  found: FoundMedium;
  /** What opens the whole disk. */
  disk: string;
  partitions: readonly MediumPartition[];
};

/**
 * Undefined for a medium of another kind, for a prestaged one that somebody has put onto a stick, and where what the
 * machine starts from is not on this disk: that could not be kept. What the result has found is mounted in the place of
 * `found`: a cut may have left what the medium was moved away from, in a new partition that nobody has formatted yet.
 * `MEDIUM_NOT_FOUND` where another disk of the machine has it too: which one is meant is not guessed.
 */
export async function prestagedMedium(
  found: FoundMedium,
  id: string,
  { exec, sys, dev }: Pick<Roots, 'sys' | 'dev'> & { exec: Exec },
): Promise<PrestagedMedium | undefined> {
  const facts = await mediumFactsAt(found.mounted.path);
  if (facts?.prestaged !== true) return undefined;
  const device = join(dev, found.disk);
  const fixed = (await listDisks(sys, dev)).filter(({ removable, bus }) => !removable && bus !== 'usb');
  if (!fixed.some((listed) => listed.device === device)) return undefined;
  for (const other of fixed)
    if (other.device !== device && (await hasMedium(exec, sys, other.device, id)))
      throw onTwoDisks(device, other.device);
  const volumes: (DiskPartition & { fileSystem: MediumFileSystem; has: Held })[] = [];
  for (const partition of await partitionsOf(sys, device)) {
    const fileSystem = await mediumFileSystem(partition.device);
    if (fileSystem === undefined) continue;
    volumes.push({ ...partition, fileSystem, has: await heldBy(exec, fileSystem, partition.device, id) });
  }
  // Numbers of the medium come after all others.
  const byNumber = volumes.toSorted((a, b) => b.number - a.number);
  const boot = byNumber.find(({ fileSystem, has }) => fileSystem === 'fat32' && has.marker);
  const data = byNumber.find(({ has }) => has.manifest);
  if (boot === undefined || data === undefined) return undefined;
  const partitions = volumes
    .filter((volume) => volume === boot || volume === data)
    .map(
      ({ has, ...volume }): MediumPartition => ({ ...volume, role: volume.number === boot.number ? 'boot' : 'data' }),
    );
  return { found: await foundAt(exec, data, found), disk: device, partitions };
}

async function hasMedium(exec: Exec, sys: string, disk: string, id: string): Promise<boolean> {
  for (const { device } of await partitionsOf(sys, disk)) {
    const fileSystem = await mediumFileSystem(device);
    if (fileSystem !== undefined && (await heldBy(exec, fileSystem, device, id)).manifest) return true;
  }
  return false;
}

async function foundAt(
  exec: Exec,
  { device, fileSystem }: Pick<MediumPartition, 'device' | 'fileSystem'>,
  found: FoundMedium,
): Promise<FoundMedium> {
  if (device === found.device) return found;
  const mounted = await mountVolume(exec, fileSystem, device, 'read');
  await found.mounted[Symbol.asyncDispose]();
  return { ...found, mounted, device };
}

/** The machine as its rules shall see it: its disk may be deployed, and a medium alone on it is nothing to be kept. */
export async function withPrestaged(
  machine: Machine,
  { disk, partitions }: PrestagedMedium,
  sys: string,
): Promise<Machine> {
  const prestagedBytes = mediumBytes(partitions);
  const alone = (await partitionsOf(sys, disk)).every(
    ({ number, startBytes, bytes }) =>
      partitions.some((own) => own.number === number) ||
      // Of GRUB, before the first place for a volume.
      startBytes + bytes <= MIB,
  );
  const empty = alone || isUnfinished(await readAt(disk, 0, MIB));
  const disks = machine.disks.map(
    (listed): Disk => (listed.device === disk ? { ...listed, prestagedBytes, empty } : listed),
  );
  return { ...machine, disks };
}

/** What the medium occupies, each of its partitions in whole MiB. */
export function mediumBytes(partitions: readonly DiskPartition[]): number {
  return partitions.reduce((sum, { bytes }) => sum + Math.ceil(bytes / MIB) * MIB, 0);
}

/** `marker`: what GRUB knows the medium by. */
type Held = { marker: boolean; manifest: boolean };

async function heldBy(exec: Exec, fileSystem: MediumFileSystem, device: string, id: string): Promise<Held> {
  const mounted = await mountVolume(exec, fileSystem, device, 'read').catch(() => undefined);
  if (mounted === undefined) return { marker: false, manifest: false };
  try {
    const marker = await exists(join(mounted.path, MEDIUM_PATHS.bios, id));
    return { marker, manifest: (await manifestIdAt(mounted.path)) === id };
  } finally {
    await mounted[Symbol.asyncDispose]();
  }
}
