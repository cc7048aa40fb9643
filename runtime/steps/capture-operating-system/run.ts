import { MediasmithError } from '../../contract/errors.ts';
import { imageExists } from '../../platform/new-image-file.ts';
import type { OtherVolume, PlaceToWrite } from '../../platform/place-to-write.ts';
import type { ImageToCapture } from '../../platform/platform.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { runConnectNetworkFolder } from '../connect-network-folder/run.ts';
import type { Run, StepContext } from '../context.ts';
import { hideSecret } from '../hide-secret.ts';
import { joinPath } from '../join-path.ts';
import type { PresentWindows } from '../present-windows.ts';
import { shareOf } from '../share-of.ts';
import { checkRoom, type Examined, refuseUnclean } from './checks.ts';
import { chooseVolume, describeVolume, judgeVolumes } from './choose-volume.ts';
import { chooseWindows } from './choose-windows.ts';
import { type Destination, parseDestination } from './destination.ts';
import { imagesToCapture } from './images.ts';
import { leaveReport } from './report.ts';
import { requireGeneralized } from './setup-state.ts';

type Options = StepOptions<'capture-operating-system'>;

/** Everything that can be refused is refused before anything is written. */
export const runCaptureOperatingSystem: Run<Options> = async (options, context) => {
  const { platform, signal } = context;
  const { exclusions, overwrite } = options;
  hideSecret(context.variables, options.password);
  const destination = parseDestination(options.destination, options.account, platform.name);
  const present = await chooseWindows(options.disk, context);
  const images = imagesToCapture(present.disk.volumes, present.windows, options);
  const examined = await examine(images, context);
  await requireGeneralized(present, options.requireGeneralized, context);
  const { place, volume, shown } = await placeFor(destination, present, images, options, context);
  await using open = await platform.openForWriting(place, signal);
  if (!overwrite && (await open.files.exists(destination.file))) throw imageExists(shown);
  const freeBytes = volume === undefined && open.freeBytes === 0 ? undefined : open.freeBytes;
  const warning = checkRoom(examined, freeBytes, volume?.fileSystem, shown);
  if (warning !== undefined) context.log('warning', warning);
  for (const { volume: source, name } of images)
    context.log('info', `capturing ${source.name} (${source.device}) as "${name}" to ${shown}`);
  await platform.captureImages(images, joinPath(open.path, destination.file), {
    exclusions,
    overwrite,
    signal,
    reread: () => open.reread(),
    onProgress: context.progress(`Capturing to ${shown}`),
    onReadBack: context.progress(`Reading back ${shown}`),
  });
  context.log('info', `${shown} was read back and is whole`);
  await leaveReport(open.files, destination.file, images, context);
};

async function examine(images: readonly ImageToCapture[], { platform }: StepContext): Promise<Examined[]> {
  const examined: Examined[] = [];
  for (const { volume } of images) examined.push({ volume, examined: await platform.examineVolume(volume) });
  refuseUnclean(examined);
  return examined;
}

type Place = { place: PlaceToWrite; volume: OtherVolume | undefined; shown: string };

async function placeFor(
  destination: Destination,
  { disk }: PresentWindows,
  images: readonly ImageToCapture[],
  options: Options,
  context: StepContext,
): Promise<Place> {
  const { platform } = context;
  if (destination.kind === 'volume') {
    const volume = await chooseVolume(destination.label, disk, context);
    return onVolume(volume, `${destination.file} on ${volume.label || 'the volume'} (${volume.device})`);
  }
  const shown = options.destination;
  if (destination.kind === 'share') {
    if (platform.name === 'linux') {
      return {
        place: { kind: 'share', share: destination.share, password: options.password },
        volume: undefined,
        shown,
      };
    }
    await connect(options, context);
    return { place: { kind: 'folder', path: `${shareOf(shown) ?? shown}\\` }, volume: undefined, shown };
  }
  const { path } = destination;
  const captured = images.find(({ volume }) => volume.device.toUpperCase() === path);
  if (captured !== undefined) throw ontoItself(shown, captured.volume.device);
  const volume = (await platform.otherVolumes()).find(({ device }) => device.toUpperCase() === path);
  if (volume === undefined) return { place: { kind: 'folder', path }, volume, shown };
  const [refused] = judgeVolumes([volume], disk, context.machine.disks).refused;
  if (refused === undefined) return onVolume(volume, shown);
  throw new MediasmithError('STEP_FAILED', `${shown} cannot be written: ${refused.reason}`, {
    where: describeVolume(volume),
    hint: 'Name a share, or a volume on another disk. Nothing was written.',
  });
}

function onVolume(volume: OtherVolume, shown: string): Place {
  return { place: { kind: 'volume', volume }, volume, shown };
}

async function connect({ destination, account, password }: Options, context: StepContext): Promise<void> {
  const share = shareOf(destination);
  if (share === undefined || account === undefined) return;
  await runConnectNetworkFolder({ path: share, account, ...(password !== undefined && { password }) }, context);
}

/** An image that grows while it is captured would be a part of itself. */
function ontoItself(shown: string, device: string): MediasmithError {
  return new MediasmithError('STEP_FAILED', `${shown} lies on a volume that is captured`, {
    where: device,
    hint: 'Name a share, or another disk. Nothing was written.',
  });
}
