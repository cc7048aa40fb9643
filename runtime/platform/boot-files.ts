import { MediasmithError } from '../contract/errors.ts';
import { casePath } from './case-path.ts';
import type { TargetDisk, TargetVolume } from './platform.ts';

/** The volume the firmware starts from. `VOLUME_NOT_FOUND` when the layout has none. */
export function systemVolume({ volumes, style }: TargetDisk): TargetVolume {
  const system = volumes.find(({ role }) => role === 'system');
  if (system !== undefined) return system;
  throw new MediasmithError(
    'VOLUME_NOT_FOUND',
    `the disk has no ${style === 'gpt' ? 'volume of type efi' : 'bootable volume'}`,
    {
      hint: 'Add one to the volumes of format-and-partition-disk.',
    },
  );
}

/** A path of the applied image as it lies there. `BOOT_FILES_MISSING` when it does not. */
export async function findBootFile(root: string, path: string): Promise<string> {
  const found = await casePath(root, path);
  if (found.exists) return found.path;
  throw new MediasmithError('BOOT_FILES_MISSING', `the image has no ${path.replaceAll('/', '\\')}`, {
    hint: 'Without it this image cannot be started on this firmware. Is it a Windows image?',
  });
}
