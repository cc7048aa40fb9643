import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { exists } from '../../host/exists.ts';
import { isBitLockerVolume } from '../bitlocker-volume.ts';
import { refuseTooLarge } from '../keep-file.ts';
import type { Medium } from '../platform.ts';
import {
  entranceIsFree,
  filesToStage,
  GRUB_ENTRANCE,
  refuseBios,
  removeStagedLinux,
  STAGED_FOLDER,
  stagedGrubConfig,
} from '../staged-linux.ts';
import { STATE_FOLDER } from '../state-folder.ts';
import { placeOfLetter, readLayout } from '../winpe/devices.ts';
import { tryTo, type WinpeHost } from '../winpe/host.ts';
import { runTool } from '../winpe/run-tool.ts';
import { copyWhole } from './copy-whole.ts';
import { copyBootManagerArgv, entryOf, removeEntryArgv, startOnceArgvs } from './firmware-entry.ts';
import { openSystemPartition } from './system-partition.ts';

/** Says that something was staged, and holds the identifier of the firmware's entry once there is one. */
const ENTRY_FILE = join(STATE_FOLDER, 'boot', 'firmware-entry');

/** A file of the medium, by its path there, as a path that opens it. */
export type FileOfMedium = (path: string) => Promise<string>;

/**
 * Whether the Linux boot environment of this medium can be started from this Windows at all. `READINESS_FAILED`,
 * `BOOT_FILES_MISSING`.
 */
export async function refuseLinux(host: WinpeHost, letter: string, { manifest, address, device }: Medium) {
  refuseBios(host.win32.firmwareType());
  if (await isEncrypted(host, letter)) {
    throw new MediasmithError('READINESS_FAILED', `${letter}: is encrypted by BitLocker, which Linux cannot read`, {
      hint: 'Decrypt the drive before, or use a medium whose boot environment is WinPE and suspend BitLocker before it.',
    });
  }
  if (filesToStage(manifest, address) === undefined) throw missing(address ?? device);
}

/**
 * Puts the medium's boot environment into a folder of its own on the EFI system partition, and has the firmware start it
 * once. Every file is held against the manifest: the machine has not started from it, so that nobody has verified it.
 */
export async function stageLinux(host: WinpeHost, letter: string, medium: Medium, file: FileOfMedium): Promise<void> {
  await refuseLinux(host, letter, medium);
  const { manifest, address } = medium;
  const files = filesToStage(manifest, address) ?? [];
  await removeStaged(host, letter);
  const note = join(host.drive(letter), ENTRY_FILE);
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, '');
  {
    await using partition = await openSystemPartition(host);
    const { root } = partition;
    if (!(await entranceIsFree(root))) throw taken();
    // What a run has left of which nothing else is there any more takes room that is scarce.
    await removeStagedLinux(root);
    const listed = new Map(manifest.files.map((listing) => [listing.path, listing]));
    const bytes = files.reduce((sum, { medium: path }) => sum + (listed.get(path)?.bytes ?? 0), 0);
    await refuseTooLarge(root, 'the boot environment', bytes, 'Make the EFI system partition larger.');
    for (const { medium: path, local } of files) {
      const from = await file(path);
      if (!(await exists(from))) throw missing(from);
      await copyWhole(from, join(root, STAGED_FOLDER, local), listed.get(path)?.sha256);
    }
    const config = stagedGrubConfig(manifest, address);
    await writeFile(join(root, STAGED_FOLDER, manifest.id), '');
    await mkdir(dirname(join(root, GRUB_ENTRANCE)), { recursive: true });
    await writeFile(join(root, GRUB_ENTRANCE), config);
  }
  const { exec, systemRoot } = host;
  const failure = 'the restart into Linux could not be set up';
  const made = await runTool(exec, { tool: 'bcdedit', argv: copyBootManagerArgv(systemRoot), failure });
  const entry = entryOf(made.stdout);
  await writeFile(note, entry);
  for (const argv of startOnceArgvs(systemRoot, entry)) await runTool(exec, { tool: 'bcdedit', argv, failure });
}

/** Takes back everything that {@link stageLinux} has left outside the folder of the state; nothing where it has not. */
export async function removeStaged(host: WinpeHost, letter: string): Promise<void> {
  const note = join(host.drive(letter), ENTRY_FILE);
  if (!(await exists(note))) return;
  const entry = await readFile(note, 'utf8');
  // Linux may have taken it out already.
  if (entry !== '') await host.exec(removeEntryArgv(host.systemRoot, entry)).catch(() => undefined);
  await tryTo(host, async () => {
    await using partition = await openSystemPartition(host);
    await removeStagedLinux(partition.root);
  });
}

/** By what lies on the disk itself: through its letter Windows shows an encrypted volume as if it were none. */
async function isEncrypted({ win32, disk }: WinpeHost, letter: string): Promise<boolean> {
  const place = placeOfLetter(win32, letter);
  if (place === undefined) return false;
  const device = disk(place.disk);
  const partition = readLayout(win32, device)?.partitions.find(({ number }) => number === place.partition);
  return partition !== undefined && (await isBitLockerVolume(device, partition.startBytes));
}

function missing(where: string): MediasmithError {
  return new MediasmithError('BOOT_FILES_MISSING', 'this medium has no Linux that Windows could restart into', {
    where,
    hint: 'Take the files as mediasmith has written them: those of an ISO, or for a web server of the output pxe.',
  });
}

function taken(): MediasmithError {
  return new MediasmithError('FILE_SYSTEM', 'the EFI system partition has the GRUB of another system', {
    where: GRUB_ENTRANCE,
    hint: 'It would start in the place of ours. Start the computer from the medium instead.',
  });
}
