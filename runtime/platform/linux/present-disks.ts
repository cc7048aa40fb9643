import { MediasmithError } from '../../contract/errors.ts';
import type { Exec } from '../../host/exec.ts';
import { systemVolume } from '../boot-files.ts';
import { casePath } from '../case-path.ts';
import { severalSystemVolumes } from '../disk-problems.ts';
import type { TargetDisk, TargetVolume } from '../platform.ts';
import { readAt, writeAt } from '../raw-disk.ts';
import { removeWindowsLoaders } from '../windows-loaders.ts';
import { listDisks } from './block-devices.ts';
import { readTable } from './installed-windows.ts';
import type { Roots } from './machine.ts';
import { mountVolume } from './mount.ts';

const MBR = { bytes: 512, tableOffset: 446, entryBytes: 16, entries: 4 };

export async function presentDisks(exec: Exec, { sys, dev }: Roots): Promise<TargetDisk[]> {
  const disks = await listDisks(sys, dev);
  const tables = await Promise.all(disks.map(({ device }) => readTable(exec, device)));
  return tables.filter((table) => table !== undefined);
}

/** The boot files must lie on a volume of their own: of NTFS a volume is mounted once, and Windows' own is then. */
export async function takeOverDisk(exec: Exec, disk: TargetDisk, volume: TargetVolume): Promise<TargetDisk> {
  const volumes = await withSystemRole(exec, disk);
  const target = { ...disk, volumes, replacing: volume.number };
  const system = systemVolume(target);
  if (system.number !== volume.number && system.fileSystem !== 'none') return target;
  throw new MediasmithError('VOLUME_NOT_FOUND', `the boot files of ${volume.device} lie on the volume itself`, {
    hint: 'Use a medium with WinPE, which can replace such a Windows. Nothing was changed.',
  });
}

/** Of an MBR disk by what lies on it: the active mark is gone where an earlier attempt was cut. */
async function withSystemRole(exec: Exec, { style, volumes }: TargetDisk): Promise<TargetVolume[]> {
  const systems = volumes.filter(({ role }) => role === 'system');
  if (style === 'mbr' && systems.length === 0) {
    for (const volume of volumes) {
      if (volume.fileSystem === 'ntfs' && (await has(exec, volume, 'bootmgr')))
        return volumes.map((other) => (other === volume ? { ...volume, role: 'system' } : other));
    }
  }
  if (systems.length < 2) return volumes;
  const withWindows: TargetVolume[] = [];
  for (const volume of systems) if (await has(exec, volume, 'EFI/Microsoft/Boot')) withWindows.push(volume);
  if (withWindows.length === 1)
    return volumes.map((volume) =>
      volume.role === 'system' && volume !== withWindows[0] ? { ...volume, role: 'primary' } : volume,
    );
  throw severalSystemVolumes(systems.map(({ device }) => device));
}

async function has(exec: Exec, { fileSystem, device }: TargetVolume, path: string): Promise<boolean> {
  if (fileSystem === 'none') return false;
  const mounted = await mountVolume(exec, fileSystem, device, 'read').catch(() => undefined);
  if (mounted === undefined) return false;
  try {
    return (await casePath(mounted.path, path)).exists;
  } finally {
    await mounted[Symbol.asyncDispose]();
  }
}

/** UEFI finds no loader, BIOS no active volume: one sector. */
export async function deactivateBoot(exec: Exec, target: TargetDisk): Promise<void> {
  const system = systemVolume(target);
  if (target.style === 'gpt') {
    await using mounted = await mountVolume(exec, 'fat32', system.device, 'write');
    await removeWindowsLoaders(mounted.path);
    return;
  }
  const sector = await readAt(target.device, 0, MBR.bytes);
  for (let entry = 0; entry < MBR.entries; entry++) sector[MBR.tableOffset + entry * MBR.entryBytes] = 0;
  await writeAt(target.device, sector, 0);
}
