import { join } from 'node:path';
import { exists } from '../../host/exists.ts';
import { isBitLockerVolume } from '../bitlocker-volume.ts';
import { systemVolume } from '../boot-files.ts';
import { severalSystemVolumes } from '../disk-problems.ts';
import { fileSystemAt } from '../file-system-at.ts';
import { GPT_TYPES } from '../partition-table.ts';
import type { TargetDisk, TargetVolume } from '../platform.ts';
import { removeWindowsLoaders } from '../windows-loaders.ts';
import { diskOfLetter, placeOfLetter, readLayout, sameDisk } from './devices.ts';
import { diskNumber, inactiveScript, lettersScript } from './diskpart.ts';
import { listDisks } from './disks.ts';
import type { WinpeHost } from './host.ts';
import { fixedLetters, roleOf } from './installed-windows.ts';
import { chooseLetters, takenLetters } from './letters.ts';
import { runDiskpart } from './run-diskpart.ts';
import { deviceOf, letterOf } from './volumes.ts';

export async function presentDisks(host: WinpeHost): Promise<TargetDisk[]> {
  const disks: TargetDisk[] = [];
  for (const { device } of await listDisks(host)) {
    const layout = readLayout(host.win32, device);
    if (layout === undefined || layout.style === 'raw') continue;
    const { style, identity } = layout;
    const volumes: TargetVolume[] = [];
    for (const { type, ...place } of layout.partitions) {
      const letter = letterFor(host, device, place.number);
      const fileSystem = await fileSystemOf(host, device, place.startBytes, letter);
      const role = typeRole(type) ?? (letter === undefined ? 'primary' : await roleOf(host.drive(letter)));
      const name = (letter && host.win32.volumeLabel(letter)) || `Volume${place.number}`;
      volumes.push({ ...place, name, role, device: letter === undefined ? '' : deviceOf(letter), fileSystem });
    }
    disks.push({ device, style, identity, volumes: volumes.sort((a, b) => a.startBytes - b.startBytes) });
  }
  return disks;
}

/** What BitLocker has encrypted is read by Windows where the protection is suspended, and a disk shows nothing of it. */
async function fileSystemOf(
  { win32 }: WinpeHost,
  device: string,
  startBytes: number,
  letter: string | undefined,
): Promise<TargetVolume['fileSystem']> {
  const found = await fileSystemAt(device, startBytes);
  if (found !== undefined || letter === undefined) return found ?? 'none';
  const isOpen = win32.volumeLabel(letter) !== undefined && (await isBitLockerVolume(device, startBytes));
  return isOpen ? 'ntfs' : 'none';
}

function letterFor(host: WinpeHost, device: string, partition: number): string | undefined {
  return fixedLetters(host).find(
    (letter) =>
      sameDisk(diskOfLetter(host, letter) ?? '', device) && placeOfLetter(host.win32, letter)?.partition === partition,
  );
}

function typeRole(type: string | undefined): TargetVolume['role'] | undefined {
  const known = Object.entries(GPT_TYPES).find(([, guid]) => guid === type?.toUpperCase());
  return known?.[0] as TargetVolume['role'] | undefined;
}

/** The volume stays what keeps the state of the run: DISM writes onto it while Windows' own driver has it. */
export async function takeOverDisk(host: WinpeHost, disk: TargetDisk, volume: TargetVolume): Promise<TargetDisk> {
  const volumes = await withSystemRole(host, await withSystemLetters(host, disk));
  const target = { ...disk, volumes, replacing: volume.number };
  systemVolume(target);
  return target;
}

/** Windows gives an EFI system volume no letter. */
async function withSystemLetters(host: WinpeHost, disk: TargetDisk): Promise<TargetDisk> {
  const hidden = disk.volumes.filter(({ role, device }) => role === 'system' && device === '');
  if (hidden.length === 0) return disk;
  const letters = chooseLetters(hidden, takenLetters(host.win32));
  const script = lettersScript(diskNumber(disk), hidden, letters);
  await runDiskpart(host, script, `the system volume of ${disk.device} gets no letter`, undefined);
  const volumes = disk.volumes.map((volume) => {
    const letter = letters[hidden.indexOf(volume)];
    return letter === undefined ? volume : { ...volume, device: deviceOf(letter) };
  });
  return { ...disk, volumes };
}

/** A disk that is being replaced, after a restart: volumes that have letters keep them. */
export async function recoverReplaced(host: WinpeHost, target: TargetDisk): Promise<TargetDisk> {
  const now = (await presentDisks(host)).find(({ device }) => sameDisk(device, target.device));
  const here = (volume: TargetVolume): TargetVolume => {
    const device = now?.volumes.find(({ number }) => number === volume.number)?.device ?? '';
    return { ...volume, device };
  };
  const disk = await withSystemLetters(host, { ...target, volumes: target.volumes.map(here) });
  const windows = disk.volumes.find(({ number }) => number === target.windows?.number);
  return { ...disk, ...(windows !== undefined && { windows }) };
}

/** On an MBR disk boot files may lie beside Windows, and several volumes of either kind may look like it. */
async function withSystemRole(host: WinpeHost, { style, volumes }: TargetDisk): Promise<TargetVolume[]> {
  const sign = style === 'gpt' ? 'EFI/Microsoft/Boot' : 'bootmgr';
  const open = volumes.filter(({ role, device }) => device !== '' && (style === 'mbr' || role === 'system'));
  const withWindows: TargetVolume[] = [];
  for (const volume of open) if (await exists(join(host.drive(letterOf(volume)), sign))) withWindows.push(volume);
  const [only, ...others] = withWindows;
  if (others.length > 0) throw severalSystemVolumes(withWindows.map(({ device, name }) => `${device} ${name}`));
  if (only === undefined) return volumes;
  return volumes.map((volume) => {
    if (volume === only) return { ...volume, role: 'system' };
    return volume.role === 'system' ? { ...volume, role: 'primary' } : volume;
  });
}

/** UEFI finds no loader, BIOS no active volume. */
export async function deactivateBoot(host: WinpeHost, target: TargetDisk): Promise<void> {
  const system = systemVolume(target);
  if (target.style === 'gpt') return removeWindowsLoaders(host.drive(letterOf(system)));
  const script = inactiveScript(diskNumber(target), system.number);
  await runDiskpart(host, script, `${system.device} stays active`, undefined);
}
