import { MediasmithError } from '../../contract/errors.ts';
import type { ImageToCapture, TargetVolume } from '../../platform/platform.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { runConnectNetworkFolder } from '../connect-network-folder/run.ts';
import type { Run, StepContext } from '../context.ts';
import { hideSecret } from '../hide-secret.ts';
import { presentWindows } from '../present-windows.ts';
import { shareOf } from '../share-of.ts';
import { imagesToCapture } from './images.ts';

type Options = StepOptions<'capture-operating-system'>;

export const runCaptureOperatingSystem: Run<Options> = async (options, context) => {
  const { platform, signal } = context;
  const { destination, password, exclusions } = options;
  hideSecret(context.variables, password);
  if (platform.name === 'linux') refuseWindowsPath(destination);
  const { disk, windows } = await presentWindows(context);
  const images = imagesToCapture(disk.volumes, windows, options);
  refuseOntoItself(destination, images);
  await connect(options, context);
  for (const { volume, name } of images)
    context.log('info', `capturing ${volume.name} (${volume.device}) as "${name}" to ${destination}`);
  await platform.captureImages(images, destination, {
    exclusions,
    signal,
    onProgress: context.progress(`Capturing to ${destination}`),
  });
};

/** An image that grows while it is captured would be a part of itself. */
function refuseOntoItself(destination: string, images: readonly ImageToCapture[]): void {
  const on = ({ device }: TargetVolume): boolean =>
    /^[A-Za-z]:/.test(device) && destination.slice(0, 2).toUpperCase() === device.slice(0, 2).toUpperCase();
  const same = images.find(({ volume }) => on(volume));
  if (same === undefined) return;
  throw new MediasmithError('STEP_FAILED', `${destination} lies on a volume that is captured`, {
    where: same.volume.device,
    hint: 'Name a share, or another disk. Nothing was written.',
  });
}

function refuseWindowsPath(destination: string): void {
  if (destination.startsWith('/')) return;
  throw new MediasmithError('STEP_FAILED', `${destination} is no path of the Linux boot environment`, {
    hint: 'Capture to a share in WinPE, or name a local path that begins with /. Nothing was written.',
  });
}

async function connect({ destination, account, password }: Options, context: StepContext): Promise<void> {
  const share = shareOf(destination);
  if (share === undefined || account === undefined) return;
  await runConnectNetworkFolder({ path: share, account, ...(password !== undefined && { password }) }, context);
}
