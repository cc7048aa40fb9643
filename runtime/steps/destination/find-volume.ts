import type { Destination } from '../../contract/destination.ts';
import { describeDestination } from '../../contract/destination.ts';
import { chooseDisks, type DiskRules, describeChoice } from '../../contract/disk-rules.ts';
import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { Disk } from '../../contract/machine.ts';
import type { TargetDisk, TargetVolume } from '../../platform/platform.ts';
import type { StepContext } from '../context.ts';
import { driveOf } from '../drive-letter.ts';

export type FoundVolume = {
  disk: TargetDisk;
  volume: TargetVolume;
  /** Whether there is a Windows on it, and how many are on its disk besides. */
  hasWindows: boolean;
  otherWindows: number;
};

/** Exactly one volume on a disk that the rules allow, or a question, or an error with the list. Never a guess. */
export async function findVolume(
  destination: Destination,
  rules: DiskRules,
  context: StepContext,
): Promise<FoundVolume> {
  const { platform, machine, ask, log, state } = context;
  const choice = chooseDisks(machine.disks, rules);
  const lines = describeChoice(choice);
  for (const line of lines) log('info', line);
  const own = state.target?.replacing === undefined ? state.target : undefined;
  // Of a disk with a prestaged medium there are the volumes that this run has made, and nothing else.
  const disks = choice.candidates.filter(({ holdsMedium, device }) => !holdsMedium || isDisk(own, device));
  const isMediums = (device: string) => disks.some((disk) => disk.holdsMedium && same(disk.device, device));
  const wanted = 'object' === typeof destination && 'diskNumber' in destination;
  const allowed = wanted ? diskByNumber(destination.diskNumber, disks, machine.disks, lines) : disks;
  const installed = await platform.installedWindows();
  const present = (await platform.presentDisks()).filter(({ device }) =>
    allowed.some((disk) => same(disk.device, device)),
  );
  const volumes = present.flatMap((disk) =>
    disk.volumes
      .filter(({ number }) => !isMediums(disk.device) || own?.volumes.some((volume) => volume.number === number))
      .map((volume) => about(disk, volume, installed)),
  );
  const found = await meant(destination, volumes, context);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const what = describeDestination(destination);
  if (only === undefined) {
    const locked = (await platform.lockedVolumes()).map(({ device }) => `${device}: locked by BitLocker`);
    throw new MediasmithError('VOLUME_NOT_FOUND', `${what} is not found`, {
      lines: [...lines, ...volumes.map(describeFound), ...locked],
      hint: 'A volume that BitLocker has locked cannot be read: suspend the protection before. Nothing was changed.',
    });
  }
  const cancel = 'None of them: stop here';
  const answer = await ask?.choose('Which volume shall be REPLACED?', [...found.map(describeFound), cancel]);
  const chosen = answer === undefined ? undefined : found[answer];
  if (chosen !== undefined) return chosen;
  throw new MediasmithError('VOLUME_NOT_FOUND', `${found.length} volumes could be ${what}`, {
    lines: found.map(describeFound),
    hint: 'Make the rules for disks so narrow that one is left, or name the partition. Nothing was changed.',
  });
}

/** One line a person can tell a volume by. */
export function describeFound({ disk, volume, hasWindows }: FoundVolume): string {
  const { number, name, bytes, fileSystem, device } = volume;
  const letter = /^[A-Z]:/.exec(device)?.[0];
  const what = `${formatBytes(bytes)}, ${fileSystem === 'none' ? 'no file system that can be read' : fileSystem}`;
  const names = [`partition ${number}`, letter, `"${name}"`].filter(Boolean).join(', ');
  return `${disk.device}, ${names}: ${what}${hasWindows ? ', with a Windows' : ''}`;
}

/**
 * In WinPE disks have numbers. Elsewhere the order in which a kernel has found them says nothing, unless there is one
 * alone.
 */
function diskByNumber(
  number: number,
  candidates: readonly Disk[],
  all: readonly Disk[],
  lines: readonly string[],
): readonly Disk[] {
  const numbered = (disk: Disk): number | undefined => {
    const [, found] = /PhysicalDrive(\d+)$/i.exec(disk.device) ?? [];
    return found === undefined ? undefined : Number(found);
  };
  if (all.some((disk) => numbered(disk) !== undefined)) return candidates.filter((disk) => numbered(disk) === number);
  if (candidates.length === 1 && number === 0) return candidates;
  throw new MediasmithError('DISK_NOT_CHOSEN', `nobody can tell which disk is number ${number}`, {
    lines,
    hint: 'Here a number tells one disk alone, as 0. Say by the rules which disk is meant. Nothing was changed.',
  });
}

function about(disk: TargetDisk, volume: TargetVolume, installed: readonly TargetDisk[]): FoundVolume {
  const here = installed.filter(({ device }) => same(device, disk.device));
  const hasWindows = here.some(({ windows }) => windows?.number === volume.number);
  return { disk, volume, hasWindows, otherWindows: here.length - Number(hasWindows) };
}

async function meant(
  destination: Destination,
  volumes: readonly FoundVolume[],
  context: StepContext,
): Promise<FoundVolume[]> {
  if (destination === 'present-windows') return volumes.filter(({ hasWindows }) => hasWindows);
  if (destination === 'next-formatted') return nextFormatted(volumes, context);
  if ('diskNumber' in destination) return volumes.filter(({ volume }) => volume.number === destination.partition);
  if (context.platform.name === 'linux') {
    throw new MediasmithError('STEP_FAILED', `Linux has no drive ${destination.drive}`, {
      hint: 'Name the partition (diskNumber, partition), or present-windows. Nothing was changed.',
    });
  }
  const drive = driveOf(destination.drive);
  return volumes.filter(({ volume }) => volume.device.toUpperCase().startsWith(drive));
}

/** The first where that costs nothing; one that has something only where there is no other. */
async function nextFormatted(volumes: readonly FoundVolume[], { platform }: StepContext): Promise<FoundVolume[]> {
  const formatted = volumes.filter(
    ({ volume, hasWindows }) =>
      !hasWindows && volume.role === 'primary' && volume.fileSystem === 'ntfs' && volume.device !== '',
  );
  if (formatted.length < 2) return formatted;
  for (const found of formatted) {
    const { others } = await platform.surveyVolume(found.volume, ['System Volume Information', '$RECYCLE.BIN']);
    if (others.length === 0) return [found];
  }
  return formatted;
}

function isDisk(disk: TargetDisk | undefined, device: string): boolean {
  return disk !== undefined && same(disk.device, device);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
