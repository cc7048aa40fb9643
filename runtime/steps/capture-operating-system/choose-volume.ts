import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { OtherVolume } from '../../platform/place-to-write.ts';
import type { TargetDisk } from '../../platform/platform.ts';
import type { StepContext } from '../context.ts';

export type VolumeChoice = { candidates: OtherVolume[]; refused: { volume: OtherVolume; reason: string }[] };

/** The volume with this label, or the only one there is; several are asked about. Never a guess. */
export async function chooseVolume(
  label: string | undefined,
  reference: TargetDisk,
  context: StepContext,
): Promise<OtherVolume> {
  const choice = judgeVolumes(await context.platform.otherVolumes(label), reference, context.machine.disks);
  const lines = [
    ...choice.candidates.map((volume) => `${describeVolume(volume)}: can be written to`),
    ...choice.refused.map(({ volume, reason }) => `${describeVolume(volume)}: refused, ${reason}`),
  ];
  for (const line of lines) context.log('info', line);
  const { candidates } = choice;
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  const wanted = label === undefined ? 'for the image' : `with the label ${label}`;
  if (only === undefined) {
    throw new MediasmithError('VOLUME_NOT_FOUND', `no volume ${wanted} can be written to`, {
      lines,
      hint: 'Connect a disk with an NTFS or exFAT volume besides the medium. Nothing was written.',
    });
  }
  const cancel = 'None of them: stop here';
  const answer = await context.ask?.choose('Which volume gets the image?', [...candidates.map(describeVolume), cancel]);
  const chosen = answer === undefined ? undefined : candidates[answer];
  if (chosen !== undefined) return chosen;
  throw new MediasmithError('VOLUME_NOT_FOUND', `${candidates.length} volumes ${wanted} can be written to`, {
    lines,
    hint: 'Name one by a label that no other has: LABEL:\\image.wim. Nothing was written.',
  });
}

/** Never a volume of the reference machine's disk, never one of the medium. Pure. */
export function judgeVolumes(
  volumes: readonly OtherVolume[],
  reference: Pick<TargetDisk, 'device'>,
  disks: readonly { device: string; holdsMedium: boolean; readOnly: boolean }[],
): VolumeChoice {
  const choice: VolumeChoice = { candidates: [], refused: [] };
  for (const volume of volumes) {
    const same = (device: string): boolean => device.toLowerCase() === volume.disk.toLowerCase();
    const disk = disks.find(({ device }) => same(device));
    const reason = same(reference.device)
      ? 'it lies on the disk that is captured'
      : disk?.holdsMedium
        ? 'the medium we run from is on its disk'
        : disk?.readOnly
          ? 'its disk is read-only'
          : undefined;
    if (reason === undefined) choice.candidates.push(volume);
    else choice.refused.push({ volume, reason });
  }
  return choice;
}

/** One line a person can tell a volume by. */
export function describeVolume({ device, label, bytes, fileSystem }: OtherVolume): string {
  return `${label || 'without a label'} (${device}): ${formatBytes(bytes)}, ${fileSystem}`;
}
