import { MediasmithError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import type { StepContext } from '../context.ts';
import { userStateOn } from '../destination/kept-folders.ts';

/** A run that has captured user state onto a disk never erases it, whatever the order of its steps. */
export async function refuseCapturedState({ device }: Disk, context: StepContext): Promise<void> {
  if ((context.variables.get('_SMSTSUserStatePath') ?? '') === '') return;
  const present = (await context.platform.presentDisks()).filter((disk) => disk.device === device);
  for (const volume of present.flatMap(({ volumes }) => volumes)) {
    if (volume.fileSystem !== 'ntfs' || volume.device === '') continue;
    const [folder] = await userStateOn(volume, context);
    if (folder === undefined) continue;
    throw new MediasmithError('STEP_FAILED', `${device} holds the user state that this sequence has captured`, {
      where: `${volume.name}: ${folder}`,
      hint: 'Have apply-operating-system replace the volume beside it (destination, wipe), or capture to a share or another disk. Nothing was changed.',
    });
  }
}
