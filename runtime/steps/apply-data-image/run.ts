import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { ManifestImage } from '../../contract/manifest.ts';
import type { TargetVolume } from '../../platform/platform.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run, StepContext } from '../context.ts';
import { takeVolume } from '../destination/take-volume.ts';
import { whyNoPlace } from '../image-place.ts';
import { imageToApply, targetOf, volumeNamed } from '../target.ts';

type Options = StepOptions<'apply-data-image'>;

/**
 * Onto a fresh NTFS volume with everything NTFS knows. Onto another file system, or onto what a volume has, by names,
 * data and times alone: files of the same names are replaced and the others stay.
 */
export const runApplyDataImage: Run<Options> = async (options, context) => {
  const { medium, platform, signal } = context;
  const image = imageToApply(medium.manifest.images, options.image, options.imageIndex);
  const volume = await volumeFor(options, image, context);
  const onProgress = context.progress(`Fetching ${image.name}`);
  const file = await platform.mediumFile(medium, image.file, { signal, onProgress });
  context.log('info', `applying image ${image.index} of ${image.file} to ${volume.name} (${volume.device})`);
  const task = { signal, onProgress: context.progress(`Applying ${image.name}`) };
  if (options.wipe && volume.fileSystem === 'ntfs') {
    await platform.applyImage(file, image.index, volume, task);
    return;
  }
  await using mounted = await platform.mount(volume, 'write');
  await platform.extractImage(file, image.index, mounted.path, task);
};

/** Empty where it is to be wiped: formatted, or cleared of all but what is kept on a volume that was there. */
async function volumeFor(options: Options, image: ManifestImage, context: StepContext): Promise<TargetVolume> {
  const { destination, disk = {}, wipe } = options;
  const taken =
    destination === undefined
      ? { target: targetOf(context), volume: volumeNamed(context, options.volume ?? ''), laidOut: true }
      : await takeVolume({ destination, disk, wipe, name: '', kind: 'data' }, image, context);
  if (!taken.laidOut && (wipe || context.attempt === 1)) return taken.volume;
  refuseVolume(taken.volume, image, options, context);
  if (wipe) await context.platform.formatVolume(taken.target, taken.volume, { signal: context.signal });
  return taken.volume;
}

/** Before anything is written. The state of the sequence may lie on any volume that is not `primary`. */
function refuseVolume(volume: TargetVolume, image: ManifestImage, { wipe }: Options, context: StepContext): void {
  const refuse = (message: string, hint: string): never => {
    throw new MediasmithError('STEP_FAILED', message, { hint: `${hint} Nothing was written.` });
  };
  const why = whyNoPlace('data', volume);
  if (why !== undefined)
    refuse(
      `volume "${volume.name}" cannot take image "${image.name}": it ${why}`,
      'Name one of type primary that has a file system and a letter.',
    );
  if (wipe && volume.number === context.state.target?.windows?.number)
    refuse(`volume "${volume.name}" has the Windows that was applied`, 'Name another volume, or set wipe: false.');
  if (!wipe && context.attempt > 1)
    refuse(
      `an earlier attempt may have left half of the image on "${volume.name}", which cannot be told from what belongs there`,
      'Only with wipe: true the step can be run again.',
    );
  if (image.bytes <= volume.bytes) return;
  throw new MediasmithError(
    'VOLUME_TOO_SMALL',
    `volume "${volume.name}" cannot take image "${image.name}": it has ${formatBytes(volume.bytes)}, the image needs ${formatBytes(image.bytes)}`,
    { hint: 'Make the volume larger. Nothing was written.' },
  );
}
