import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../host/exec.ts';
import { mountForWriting } from '../../native/linux-mount.ts';
import { isBitLockerVolume } from '../bitlocker-volume.ts';
import { examineFiles } from '../examine-files.ts';
import { freeBytesOf } from '../free-bytes.ts';
import type { ExaminedVolume, OtherVolume, PlaceToWrite } from '../place-to-write.ts';
import type { TargetVolume, WritingPlace } from '../platform.ts';
import { volumeFiles } from '../volume-files.ts';
import { bytesAt, diskNameOf, listDisks } from './block-devices.ts';
import { parseTable, tableArgv } from './installed-windows.ts';
import type { Roots } from './machine.ts';
import { mountArgv, mountVolume, syncArgv, unmountArgv } from './mount.ts';
import { isCleanNtfs } from './ntfs-state.ts';
import { mountShare, type ShareAccess } from './share.ts';
import { listEntries } from './sysfs.ts';
import { volumeLabel } from './volume-label.ts';

type BlockVolume = { device: string; disk: string; bytes: number };

export async function lockedVolumes(roots: Roots): Promise<{ device: string; disk: string }[]> {
  const volumes = await blockVolumes(roots);
  const locked = await Promise.all(volumes.map(({ device }) => isBitLockerVolume(device, 0)));
  return volumes.flatMap(({ device, disk }, at) => (locked[at] === true ? [{ device, disk }] : []));
}

/** Looks at a volume without writing to it. */
export async function examineVolume(exec: Exec, { device, fileSystem }: TargetVolume): Promise<ExaminedVolume> {
  if (fileSystem === 'none') throw new Error(`${device} has no file system`);
  await using mounted = await mountVolume(exec, fileSystem, device, 'read');
  const { hibernated, usedBytes } = await examineFiles(mounted.path);
  if (hibernated) return { state: 'hibernated', usedBytes };
  return { state: fileSystem !== 'ntfs' || (await isCleanNtfs(device)) ? 'clean' : 'unclean', usedBytes };
}

export async function otherVolumes(exec: Exec, roots: Roots, label?: string): Promise<OtherVolume[]> {
  const roles = new Map<string, TargetVolume['role']>();
  const found: OtherVolume[] = [];
  for (const { device: disk } of await listDisks(roots.sys, roots.dev)) {
    const answer = await exec(tableArgv(disk)).catch(() => undefined);
    const table = answer === undefined ? undefined : parseTable(answer.stdout, disk);
    for (const volume of table?.volumes ?? []) roles.set(volume.device, volume.role);
    // An MBR disk for data has an active partition often enough: it says nothing of what lies on it.
    if (table?.style === 'mbr') for (const volume of table.volumes) roles.set(volume.device, 'primary');
  }
  for (const volume of await blockVolumes(roots)) {
    if ((roles.get(volume.device) ?? 'primary') !== 'primary') continue;
    const known = await volumeLabel(volume.device);
    if (known === undefined || known.fileSystem === 'iso9660') continue;
    if (label !== undefined && known.label.toLowerCase() !== label.toLowerCase()) continue;
    found.push({ ...volume, label: known.label, fileSystem: known.fileSystem });
  }
  return found;
}

/** Every partition of every disk, and disks as well: some have a file system and no table. */
async function blockVolumes({ sys, dev }: Roots): Promise<BlockVolume[]> {
  const disks = new Set((await listDisks(sys, dev)).map(({ device }) => device));
  const volumes: BlockVolume[] = [];
  for (const name of await listEntries(sys, 'class/block')) {
    const disk = join(dev, await diskNameOf(sys, join(dev, name)));
    if (!disks.has(disk)) continue;
    const bytes = await bytesAt(join(sys, 'class/block', name), 'size');
    volumes.push({ device: join(dev, name), disk, bytes });
  }
  return volumes;
}

/** `mount`: another in tests. */
export async function openForWriting(
  exec: Exec,
  place: PlaceToWrite,
  signal?: AbortSignal,
  mount: ShareAccess['mount'] = mountForWriting,
): Promise<WritingPlace> {
  if (place.kind === 'folder') return openFolder(exec, place.path);
  if (place.kind === 'volume') {
    const { fileSystem, device } = place.volume;
    const { path, ...mounted } = await mountVolume(exec, fileSystem, device, 'write');
    const reread = async (): Promise<void> => {
      await exec(unmountArgv(path));
      await exec(mountArgv(fileSystem, device, path, 'write'));
    };
    return { ...mounted, path, freeBytes: await freeBytesOf(path), reread };
  }
  const { password } = place;
  const { root } = await mountShare(place.share, { exec, password, mount, signal });
  return {
    path: root,
    files: volumeFiles(root),
    freeBytes: await freeBytesOf(root),
    reread: async () => void (await exec(syncArgv())),
    [Symbol.asyncDispose]: async () => {
      await exec(unmountArgv(root));
      await rmdir(root);
    },
  };
}

async function openFolder(exec: Exec, path: string): Promise<WritingPlace> {
  await mkdir(path, { recursive: true });
  return {
    path,
    files: volumeFiles(path),
    freeBytes: await freeBytesOf(path),
    reread: async () => void (await exec(syncArgv())),
    [Symbol.asyncDispose]: async () => void (await exec(syncArgv())),
  };
}
