import type { Argv, Exec } from '../../host/exec.ts';
import { fileSystemAt } from '../file-system-at.ts';
import { freeBytesOf } from '../free-bytes.ts';
import { EXTENDED_TYPES, GPT_TYPES, MBR_TYPES } from '../partition-table.ts';
import type { TargetDisk, TargetVolume } from '../platform.ts';
import { listDisks } from './block-devices.ts';
import type { Roots } from './machine.ts';
import { type FileSystem, mountVolume } from './mount.ts';

/** Every disk with a Windows on a volume of NTFS. */
export async function installedWindows(exec: Exec, { sys, dev }: Roots): Promise<TargetDisk[]> {
  const found: TargetDisk[] = [];
  for (const { device } of await listDisks(sys, dev)) {
    const table = await readTable(exec, device);
    for (const volume of table?.volumes ?? []) {
      if (table === undefined || volume.fileSystem !== 'ntfs' || !(await holdsWindows(exec, volume))) continue;
      const windows = { ...volume, role: 'primary' as const };
      const volumes = table.volumes.map((other) => (other === volume ? windows : other));
      found.push({ ...table, volumes, windows });
    }
  }
  return found;
}

/** Space in no partition and in volumes that can be mounted, of the one disk that has the most. */
export async function freeSpace(exec: Exec, { sys, dev }: Roots): Promise<number> {
  const sums = [0];
  for (const { device, bytes, removable, bus } of await listDisks(sys, dev)) {
    if (removable || bus === 'usb') continue;
    let free = bytes;
    for (const volume of (await readTable(exec, device))?.volumes ?? []) {
      free -= volume.bytes;
      if (volume.fileSystem === 'none') continue;
      free += (await lookInto(exec, volume.fileSystem, volume.device, freeBytesOf)) ?? 0;
    }
    sums.push(Math.max(0, free));
  }
  return Math.max(...sums);
}

async function holdsWindows(exec: Exec, { device }: TargetVolume): Promise<boolean> {
  const look = (_path: string, exists: (path: string) => Promise<boolean>) => exists('Windows/System32/config/SYSTEM');
  return (await lookInto(exec, 'ntfs', device, look)) ?? false;
}

/** Undefined for a volume that cannot be mounted: one that BitLocker has locked, one that is broken. */
async function lookInto<T>(
  exec: Exec,
  fileSystem: FileSystem,
  device: string,
  look: (path: string, exists: (path: string) => Promise<boolean>) => Promise<T>,
): Promise<T | undefined> {
  const mounted = await mountVolume(exec, fileSystem, device, 'read').catch(() => undefined);
  if (mounted === undefined) return undefined;
  try {
    return await look(mounted.path, mounted.files.exists);
  } finally {
    await mounted[Symbol.asyncDispose]();
  }
}

/** A table with the file systems of its volumes; undefined for a disk without one of ours. */
export async function readTable(exec: Exec, device: string): Promise<TargetDisk | undefined> {
  const answer = await exec(tableArgv(device)).catch(() => undefined);
  const table = answer === undefined ? undefined : parseTable(answer.stdout, device);
  if (table === undefined) return undefined;
  for (const volume of table.volumes) volume.fileSystem = (await fileSystemAt(volume.device, 0)) ?? 'none';
  return table;
}

/** Pure: the command that tells a disk's table. */
export function tableArgv(device: string): Argv {
  return ['sfdisk', '--json', device];
}

type SfdiskPartition = {
  node: string;
  start: number;
  size: number;
  type: string;
  uuid?: string;
  name?: string;
  bootable?: boolean;
};
type SfdiskTable = { label: string; id: string; sectorsize?: number; partitions?: SfdiskPartition[] };

/**
 * What `sfdisk --json` says of a disk; undefined for one without a table of ours. File systems are not in it, and the
 * extended partition of an MBR, which is no volume, is left out. Pure.
 */
export function parseTable(json: string, device: string): TargetDisk | undefined {
  const { partitiontable: table } = JSON.parse(json) as { partitiontable?: SfdiskTable };
  if (table === undefined || (table.label !== 'gpt' && table.label !== 'dos')) return undefined;
  const style = table.label === 'gpt' ? 'gpt' : 'mbr';
  const { sectorsize: sectorBytes = 512, partitions = [] } = table;
  const isExtended = ({ type }: SfdiskPartition): boolean =>
    style === 'mbr' && EXTENDED_TYPES.includes(Number.parseInt(type, 16));
  const volumes = partitions.flatMap((partition): TargetVolume[] => {
    if (isExtended(partition)) return [];
    const number = Number(/\d+$/.exec(partition.node)?.[0]);
    const volume: TargetVolume = {
      name: partition.name || `Volume${number}`,
      role: roleOf(style, partition),
      device: partition.node,
      number,
      startBytes: partition.start * sectorBytes,
      bytes: partition.size * sectorBytes,
      fileSystem: 'none',
      ...(style === 'gpt' && partition.uuid !== undefined && { guid: partition.uuid }),
    };
    return [volume];
  });
  const identity = style === 'gpt' ? table.id : table.id.replace(/^0x/, '').toLowerCase();
  return { device, style, identity, volumes };
}

function roleOf(style: TargetDisk['style'], { type, bootable }: SfdiskPartition): TargetVolume['role'] {
  if (style === 'mbr') return bootable === true ? 'system' : (MBR_ROLES.get(type.toLowerCase()) ?? 'primary');
  const known = Object.entries(GPT_TYPES).find(([, guid]) => guid === type.toUpperCase());
  return (known?.[0] as TargetVolume['role'] | undefined) ?? 'primary';
}

const MBR_ROLES: ReadonlyMap<string, TargetVolume['role']> = new Map([
  [MBR_TYPES.recovery, 'recovery'],
  [MBR_TYPES.hiddenNtfs, 'hidden'],
  [MBR_TYPES.hiddenFat32, 'hidden'],
]);
