import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { casePath } from '../../platform/case-path.ts';
import type { TargetVolume } from '../../platform/platform.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run, StepContext } from '../context.ts';
import { imageNamed, targetOf, volumeNamed } from '../target.ts';

export const runApplyOperatingSystem: Run<StepOptions<'apply-operating-system'>> = async (options, context) => {
  const { medium, platform, signal } = context;
  const image = imageNamed(medium.manifest.images, options.image, 'image');
  const target = targetOf(context);
  const volume = volumeNamed(context, options.volume);
  if (volume.fileSystem !== 'ntfs' || image.bytes > volume.bytes) {
    const why =
      volume.fileSystem === 'ntfs'
        ? `has ${formatBytes(volume.bytes)}, the image needs ${formatBytes(image.bytes)}`
        : 'is not NTFS';
    throw new MediasmithError(
      'VOLUME_TOO_SMALL',
      `volume "${volume.name}" cannot take image "${image.name}": it ${why}`,
    );
  }
  const file = await platform.mediumFile(medium, image.file, {
    signal,
    onProgress: context.progress(`Fetching ${image.name}`),
  });
  context.log('info', `applying image ${image.index} of ${image.file} to ${volume.name} (${volume.device})`);
  await platform.applyImage(file, image.index, volume, {
    signal,
    onProgress: context.progress(`Applying ${image.name}`),
  });
  context.variables.set('OSDTargetVolume', volume.name);
  const start = { target, windows: volume, locale: options.locale };
  await platform.prepareBoot(start, { signal });
  // The last to be registered is the first to be done: the log is on the volume before the disk can start it.
  context.atHandover('Make the disk start Windows', (end) => platform.activateBoot(start, { signal: end }));
  context.atHandover('Leave the log on the disk', () => copyLog(context, volume));
};

/** Where Windows keeps its own logs, below the volume's root. */
const LOG_FOLDER = 'Windows/Logs/Mediasmith';

async function copyLog(context: StepContext, volume: TargetVolume): Promise<void> {
  await using mounted = await context.platform.mount(volume, 'write');
  const { path: folder } = await casePath(mounted.path, LOG_FOLDER);
  await mkdir(folder, { recursive: true });
  // Written and not copied: a copy would bring the rights of the boot environment's file along.
  await writeFile(join(folder, basename(context.logFile)), await readFile(context.logFile));
}
