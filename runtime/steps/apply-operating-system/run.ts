import { basename } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { ManifestImage } from '../../contract/manifest.ts';
import { WINDOWS_LOG_FOLDER } from '../../contract/results.ts';
import type { DiskStart, TargetDisk, TargetVolume } from '../../platform/platform.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { editAnswerFile } from '../answer-file.ts';
import type { HandOver, Run, StepContext } from '../context.ts';
import { takeVolume } from '../destination/take-volume.ts';
import { whyNoPlace } from '../image-place.ts';
import { imageToApply, targetOf, volumeNamed } from '../target.ts';
import { putAnswerFile, readAnswerFile } from './given-answer-file.ts';

type Options = StepOptions<'apply-operating-system'>;

export const runApplyOperatingSystem: Run<Options> = async (options, context) => {
  const { medium, platform, signal } = context;
  const image = imageToApply(medium.manifest.images, options.image, options.imageIndex);
  // Before a volume is touched.
  const answers = await readAnswerFile(options, context);
  const { target, volume } = await volumeFor(options, image, context);
  // After that: in WinPE it may be kept on this very volume.
  const file = await platform.mediumFile(medium, image.file, {
    signal,
    onProgress: context.progress(`Fetching ${image.name}`),
  });
  context.log('info', `applying image ${image.index} of ${image.file} to ${volume.name} (${volume.device})`);
  await platform.applyImage(file, image.index, volume, {
    signal,
    onProgress: context.progress(`Applying ${image.name}`),
  });
  const applied = { ...target, windows: volume };
  context.state.target = applied;
  setTargetDrive(volume, context);
  await setKeyboard(options, volume, context);
  if (answers !== undefined) await putAnswerFile(answers, context);
  const start = { target: applied, windows: volume, locale: options.locale };
  await platform.prepareBoot(start, { signal });
  context.atHandover({ ...start, expandAnswers: answers !== undefined });
};

type Place = { target: TargetDisk; volume: TargetVolume };

/** Empty when this resolves, but for what is kept on a volume that was not laid out in this run. */
async function volumeFor(options: Options, image: ManifestImage, context: StepContext): Promise<Place> {
  const { destination, disk = {}, wipe } = options;
  if (destination === undefined || (typeof destination === 'string' && isLaidOut(context))) {
    return emptied({ target: targetOf(context), volume: volumeNamed(context, options.volume) }, image, context);
  }
  const taken = await takeVolume({ destination, disk, wipe, name: options.volume, kind: 'windows' }, image, context);
  return taken.laidOut ? emptied(taken, image, context) : taken;
}

/** What ConfigMgr's next available partition is then. */
function isLaidOut({ state }: StepContext): boolean {
  return state.target !== undefined && state.target.replacing === undefined;
}

async function emptied(place: Place, image: ManifestImage, context: StepContext): Promise<Place> {
  const { target, volume } = place;
  const cannot = `volume "${volume.name}" cannot take image "${image.name}": it`;
  const why = whyNoPlace('windows', volume);
  if (why !== undefined)
    throw new MediasmithError('STEP_FAILED', `${cannot} ${why}`, {
      hint: 'Name one of type primary or logical. Nothing was written to it.',
    });
  if (image.bytes > volume.bytes) {
    const sizes = `has ${formatBytes(volume.bytes)}, the image needs ${formatBytes(image.bytes)}`;
    throw new MediasmithError('VOLUME_TOO_SMALL', `${cannot} ${sizes}`, {
      hint: 'Make the volume larger, or name another one. Nothing was written to it.',
    });
  }
  if (context.attempt > 1 || volume.number === target.windows?.number) {
    // What a cut has left of an NTFS volume looks whole and is not. Two images would be a mixture.
    await context.platform.formatVolume(target, volume, { signal: context.signal });
  }
  return place;
}

/** ConfigMgr's 0 asks for none. */
async function setKeyboard(
  { layeredDriver = 0 }: Options,
  volume: TargetVolume,
  { platform, signal, log }: StepContext,
): Promise<void> {
  if (layeredDriver === 0) return;
  log('info', `the keyboard of ${volume.name} becomes that of the layered driver ${layeredDriver}`);
  await platform.setLayeredDriver(volume, layeredDriver, { signal });
}

/** ConfigMgr's variable for the drive that Windows was applied to. It has a letter in WinPE alone. */
function setTargetDrive({ device }: TargetVolume, { variables }: StepContext): void {
  const drive = /^[A-Z]:/.exec(device)?.[0];
  if (drive !== undefined) variables.set('OSDTargetSystemDrive', drive);
}

/**
 * Variables in the answer file that steps after the image have set are replaced here, as ConfigMgr does it just before
 * Windows starts. The log is on the volume before the disk can start it.
 */
export const handOverOperatingSystem: HandOver = async (data, context) => {
  const { expandAnswers, ...start } = data as DiskStart & { expandAnswers?: boolean };
  if (expandAnswers === true) await editAnswerFile(context, (answers) => answers.expandVariables(context.variables));
  await leaveLog(start.windows, context);
  context.log('info', 'the disk is made to start Windows');
  await context.platform.activateBoot(start, { signal: context.signal });
};

/** A log that is gone is no reason to throw a deployment away. */
async function leaveLog(windows: TargetVolume, { platform, logFile, log }: StepContext): Promise<void> {
  log('info', 'the log is left on the disk');
  try {
    await using mounted = await platform.mount(windows, 'write');
    await mounted.files.copyIn(logFile, `${WINDOWS_LOG_FOLDER}/${basename(logFile)}`);
  } catch (error) {
    log('warning', `the log could not be left on the disk: ${error instanceof Error ? error.message : error}`);
  }
}
