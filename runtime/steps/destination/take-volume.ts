import { type Destination, describeDestination } from '../../contract/destination.ts';
import type { DiskRules } from '../../contract/disk-rules.ts';
import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { ImageKind } from '../../contract/image-room.ts';
import type { ManifestImage } from '../../contract/manifest.ts';
import type { TargetDisk, TargetVolume, VolumeContent } from '../../platform/platform.ts';
import type { ReplacedVolume, StepContext } from '../context.ts';
import { describeFound, type FoundVolume, findVolume } from './find-volume.ts';
import { keptFolders } from './kept-folders.ts';

export type DestinationWish = {
  destination: Destination;
  disk: DiskRules;
  /** What the volume has may be removed. */
  wipe: boolean;
  /** What later steps call the volume. */
  name: string;
  kind: ImageKind;
};

export type TakenVolume = {
  target: TargetDisk;
  volume: TargetVolume;
  /** This run has laid it out: it is treated as every such volume. */
  laidOut: boolean;
};

/**
 * Finds the volume, refuses it while everything is as it was, and removes what it has where the step says so. From the
 * first removal on the disk starts no Windows, and the folders that are kept are whole at every moment.
 */
export async function takeVolume(
  wish: DestinationWish,
  image: ManifestImage,
  context: StepContext,
): Promise<TakenVolume> {
  const key = `${wish.kind} ${JSON.stringify(wish.destination)}`;
  const before = context.attempt > 1 ? context.state.replaced?.find((replaced) => replaced.key === key) : undefined;
  if (before !== undefined) return takeAgain(wish, before, context);
  const found = await findVolume(wish.destination, wish.disk, context);
  const laidOut = volumeOfThisRun(found, context);
  if (laidOut !== undefined) return laidOut;
  const { volume } = found;
  await refuseUnreadable(wish, found, context);
  const keep = await keptFolders(volume, context);
  const content = await context.platform.surveyVolume(volume, keep);
  refuseContent(wish, found, content, context);
  refuseTooSmall(image, volume, content, wish);
  await refuseClash(wish, image, keep, volume, context);
  const isWindows = wish.kind === 'windows';
  const target = isWindows
    ? withName(await context.platform.takeOverDisk(found.disk, volume), volume.number, wish.name)
    : found.disk;
  const taken = target.volumes.find(({ number }) => number === volume.number) ?? volume;
  if (isWindows) context.state.target = target;
  if (wish.wipe) {
    const replaced: ReplacedVolume = { key, disk: target, volume: volume.number, keep };
    context.state.replaced = [...(context.state.replaced ?? []), replaced];
    await context.keepState();
    // A second Windows of the disk starts until the new one does: what is on this volume starts with none.
    if (isWindows && (found.hasWindows || found.otherWindows === 0)) await deactivate(target, context);
    await clear(taken, keep, context);
  }
  return { target, volume: taken, laidOut: false };
}

function withName(target: TargetDisk, number: number, name: string): TargetDisk {
  const volumes = target.volumes.map((volume) => {
    if (volume.number === number) return { ...volume, name };
    const same = volume.name.toLowerCase() === name.toLowerCase();
    return same ? { ...volume, name: `${name} (partition ${volume.number})` } : volume;
  });
  return { ...target, volumes };
}

/** An attempt before has begun: the volume is known, and what is on it is no longer to be judged. */
async function takeAgain(
  { kind }: DestinationWish,
  { disk, volume: number, keep }: ReplacedVolume,
  context: StepContext,
): Promise<TakenVolume> {
  const { platform, state } = context;
  const target = state.target?.identity === disk.identity ? state.target : await platform.recoverTarget(disk);
  const volume = target.volumes.find((candidate) => candidate.number === number);
  if (volume === undefined) throw new MediasmithError('VOLUME_NOT_FOUND', `${disk.device} has no partition ${number}`);
  if (kind === 'windows') await deactivate(target, context);
  await clear(volume, keep, context);
  return { target, volume, laidOut: false };
}

async function deactivate(target: TargetDisk, { platform, log }: StepContext): Promise<void> {
  log('info', `${target.device} starts nothing until the new Windows is there`);
  await platform.deactivateBoot(target);
}

async function clear(volume: TargetVolume, keep: readonly string[], context: StepContext): Promise<void> {
  const { platform, log, signal } = context;
  log('info', `everything on ${volume.name} (${volume.device}) is removed but ${keep.join(', ')}`);
  await platform.clearVolume(volume, keep, { signal });
}

function volumeOfThisRun({ disk, volume }: FoundVolume, { state }: StepContext): TakenVolume | undefined {
  const { target } = state;
  if (target === undefined || target.replacing !== undefined || target.identity !== disk.identity) return undefined;
  const laidOut = target.volumes.find(({ number }) => number === volume.number);
  return laidOut && { target, volume: laidOut, laidOut: true };
}

const UNTOUCHED = 'Nothing was changed.';

async function refuseUnreadable(
  { kind }: DestinationWish,
  found: FoundVolume,
  { platform }: StepContext,
): Promise<void> {
  const { volume, hasWindows } = found;
  const refuse = (why: string, hint: string): never => {
    throw new MediasmithError('STEP_FAILED', `${describeFound(found)}: ${why}`, { hint: `${hint} ${UNTOUCHED}` });
  };
  const locked = (await platform.lockedVolumes()).some(
    ({ device }) => device !== '' && device.toLowerCase() === volume.device.toLowerCase(),
  );
  if (locked) refuse('BitLocker has locked it', 'Suspend the protection in that Windows before.');
  if (volume.device === '') refuse('it has no drive letter', 'Give it one before.');
  if (volume.fileSystem === 'none') refuse('it has no file system that can be read', 'Format it before.');
  if (['msr', 'recovery', 'hidden'].includes(volume.role) || (volume.role === 'system' && kind === 'data'))
    refuse('it is no volume for this', 'Name another partition.');
  if (kind === 'windows' && volume.fileSystem !== 'ntfs') refuse('it is not NTFS', 'Name another partition.');
  if (kind === 'data' && hasWindows) refuse('there is a Windows on it', 'Apply a data image to another volume.');
  if (kind === 'windows' && platform.name === 'linux' && found.otherWindows > 0)
    refuse('another Windows of this disk would no longer be started', 'Use a medium with WinPE.');
  const { state } = await platform.examineVolume(volume);
  if (state === 'hibernated')
    refuse('Windows is hibernated on it', 'Start that Windows and shut it down whole (shutdown /s /t 0).');
  if (state === 'unclean' && kind === 'windows')
    refuse('it was not closed, or needs a check', 'Start that Windows and shut it down, or run chkdsk.');
}

function refuseContent(
  { wipe, kind, destination }: DestinationWish,
  found: FoundVolume,
  { others }: VolumeContent,
  { log }: StepContext,
): void {
  log('info', `${describeDestination(destination)}: ${describeFound(found)}`);
  if (wipe || others.length === 0) return;
  // Files of data go beside what is there; two Windows would be a mixture.
  if (kind === 'data') return;
  throw new MediasmithError('STEP_FAILED', `${describeFound(found)} is not empty`, {
    lines: others.slice(0, 20),
    hint: `Set wipe: true where all of it may be removed. ${UNTOUCHED}`,
  });
}

function refuseTooSmall(
  image: ManifestImage,
  volume: TargetVolume,
  { keptBytes }: VolumeContent,
  { wipe }: DestinationWish,
): void {
  const room = volume.bytes - (wipe ? keptBytes : 0);
  if (image.bytes <= room) return;
  throw new MediasmithError(
    'VOLUME_TOO_SMALL',
    `volume "${volume.name}" cannot take image "${image.name}": it has ${formatBytes(volume.bytes)}, the image needs ${formatBytes(image.bytes)}`,
    {
      ...(wipe && { lines: [`what is kept on it: ${formatBytes(keptBytes)}`] }),
      hint: `Make the volume larger, or keep user state elsewhere. ${UNTOUCHED}`,
    },
  );
}

async function refuseClash(
  { kind, wipe }: DestinationWish,
  image: ManifestImage,
  keep: readonly string[],
  volume: TargetVolume,
  { platform, medium, signal }: StepContext,
): Promise<void> {
  // Elsewhere the file may have to be kept on this very volume, which is full yet.
  if (platform.name !== 'linux' || (kind === 'data' && !wipe)) return;
  const file = await platform.mediumFile(medium, image.file, { signal });
  const names = (await platform.rootNames(file, image.index)).map((name) => name.toLowerCase());
  await using mounted = await platform.mount(volume, 'read');
  for (const name of keep) {
    if (!names.includes(name.toLowerCase()) || !(await mounted.files.exists(name))) continue;
    throw new MediasmithError(
      'STEP_FAILED',
      `image "${image.name}" has a folder ${name}, which is to be kept on the volume`,
      {
        hint: `Capture the image without it, or use a medium with WinPE. ${UNTOUCHED}`,
      },
    );
  }
}
