import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { windowsBootStore } from '../../hive/bcd.ts';
import type { Exec } from '../../host/exec.ts';
import { findBootFile, systemVolume } from '../boot-files.ts';
import { clearClaim } from '../claim.ts';
import type { DiskStart, TargetDisk, TargetVolume } from '../platform.ts';
import { readAt, writeAt } from '../raw-disk.ts';
import { isOtherLoader, WINDOWS_LOADER } from '../windows-loaders.ts';
import { type BootCopy, bootCopies, bootStorePath, PENDING, UEFI_LOADERS } from './boot-copies.ts';
import { mountVolume, syncArgv } from './mount.ts';

const SECTOR_BYTES = 512;
const MBR = { codeBytes: 440, tableOffset: 446, entryBytes: 16, active: 0x80 };

/** Copies the boot files out of the applied image (places: bcdboot's) and writes the BCD store beside them. */
export async function prepareBoot(exec: Exec, { target, windows, locale }: DiskStart): Promise<void> {
  const system = systemVolume(target);
  await using source = await mountVolume(exec, 'ntfs', windows.device, 'read');
  await using destination = await mountVolume(
    exec,
    system.fileSystem === 'fat32' ? 'fat32' : 'ntfs',
    system.device,
    'write',
  );
  for (const copy of bootCopies(target.style)) await copyBootFiles(source.path, destination.path, copy);
  const store = join(destination.path, bootStorePath(target.style));
  await mkdir(dirname(store), { recursive: true });
  await writeFile(store, bootStore(target, system, windows, locale));
}

async function copyBootFiles(windows: string, system: string, copy: BootCopy): Promise<void> {
  const { kind, from, leaveOut, loader, optional } = copy;
  if (loader !== undefined && loader !== WINDOWS_LOADER && (await isOtherLoader(system, loader))) return;
  const source =
    optional === true ? await findBootFile(windows, from).catch(() => undefined) : await findBootFile(windows, from);
  if (source === undefined) return;
  const to = join(system, copy.to);
  await mkdir(kind === 'folder' ? to : dirname(to), { recursive: true });
  if (kind === 'file') return cp(source, to);
  for (const name of await readdir(source)) {
    if (leaveOut?.test(name) !== true) await cp(join(source, name), join(to, name), { recursive: true });
  }
}

function bootStore(target: TargetDisk, system: TargetVolume, windows: TargetVolume, locale: string): Uint8Array {
  const common = { locale, guids: { loader: randomUUID(), resume: randomUUID() }, timestamp: new Date() };
  if (target.style === 'mbr') {
    const disk = { signature: Number.parseInt(target.identity, 16) };
    return windowsBootStore({
      firmware: 'bios',
      disk,
      bootPartition: { offset: system.startBytes },
      windowsPartition: { offset: windows.startBytes },
      ...common,
    });
  }
  if (system.guid === undefined || windows.guid === undefined) throw new Error('a GPT partition without a GUID');
  return windowsBootStore({
    firmware: 'uefi',
    disk: { guid: target.identity },
    bootPartition: { guid: system.guid },
    windowsPartition: { guid: windows.guid },
    ...common,
  });
}

/**
 * Makes the disk start what lies there. Everything else is on the disk by now: the renaming, or the write of the one
 * sector, is the moment at which the deployment counts as done.
 */
export async function activateBoot(exec: Exec, target: TargetDisk, bootCodeFolder: string): Promise<void> {
  if (target.style === 'gpt') await activateUefi(exec, systemVolume(target));
  else await activateBios(target, bootCodeFolder);
  await clearClaim(target.device);
}

async function activateUefi(exec: Exec, system: TargetVolume): Promise<void> {
  await using mounted = await mountVolume(exec, 'fat32', system.device, 'write');
  await exec(syncArgv());
  for (const path of UEFI_LOADERS) {
    if (path !== WINDOWS_LOADER && (await isOtherLoader(mounted.path, path))) continue;
    await rename(`${join(mounted.path, path)}${PENDING}`, join(mounted.path, path));
  }
}

/** GRUB's boot.img and core.img: they start bootmgr from the active volume (what they are: builder/boot/linux). */
async function activateBios(target: TargetDisk, bootCodeFolder: string): Promise<void> {
  const code = await readFile(join(bootCodeFolder, 'boot.img'));
  await writeAt(target.device, await readFile(join(bootCodeFolder, 'core.img')), SECTOR_BYTES);
  const sector = await readAt(target.device, 0, SECTOR_BYTES);
  code.copy(sector, 0, 0, MBR.codeBytes);
  sector[MBR.tableOffset + (systemVolume(target).number - 1) * MBR.entryBytes] = MBR.active;
  await writeAt(target.device, sector, 0);
}
