import { MediasmithError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import type { TargetDisk } from '../../platform/platform.ts';
import { sameDisk } from '../../platform/winpe/devices.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { refuseOtherNumber, theOneDisk } from '../choose-disk.ts';
import type { Run, StepContext } from '../context.ts';
import { systemProgram } from '../system-program.ts';
import { convertScript } from './script.ts';

export const runConvertDiskToDynamic: Run<StepOptions<'convert-disk-to-dynamic'>> = async (options, context) => {
  const disk = await theOneDisk(options.disk, 'Which disk shall become a dynamic disk?', context);
  refuseOtherNumber(disk, 'OSDConvertDiskIndex', context);
  await refuseNeeded(disk, context);
  const script = convertScript(disk);
  context.log('info', `diskpart: ${script.trim().split('\r\n').join('; ')}`);
  const folder = await context.temporaryFolder();
  const file = await folder.write('convert.txt', script);
  await context.run([systemProgram(context, 'diskpart'), '/s', file]);
};

/**
 * The state of the run lies on it, or a prestaged medium, or the Windows that runs: volumes of a dynamic disk are no
 * partitions by which they would be found again. A Windows that lies on no plain partition is on a disk that cannot be
 * converted any more.
 */
async function refuseNeeded({ device, holdsMedium }: Disk, { platform, state }: StepContext): Promise<void> {
  const { target, replaced = [] } = state;
  const deployed = [...(target === undefined ? [] : [target]), ...replaced.map(({ disk }) => disk)];
  const running = platform.name === 'windows' ? await platform.installedWindows() : [];
  const isAmong = (disks: readonly TargetDisk[]): boolean => disks.some((disk) => sameDisk(disk.device, device));
  const what = holdsMedium
    ? 'that this sequence runs from'
    : isAmong(deployed)
      ? 'that this sequence deploys'
      : isAmong(running)
        ? 'of the Windows that runs'
        : undefined;
  if (what === undefined) return;
  throw new MediasmithError('DISK_NOT_CHOSEN', `${device} is the disk ${what}`, {
    hint: 'The sequence needs it as it is. Have the rules of the step choose another one. Nothing was changed.',
  });
}
