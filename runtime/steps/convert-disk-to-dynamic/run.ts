import { MediasmithError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import { sameDisk } from '../../platform/winpe/devices.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { theOneDisk } from '../choose-disk.ts';
import type { Run, StepContext } from '../context.ts';
import { systemProgram } from '../system-program.ts';
import { convertScript } from './script.ts';

export const runConvertDiskToDynamic: Run<StepOptions<'convert-disk-to-dynamic'>> = async (options, context) => {
  const disk = await theOneDisk(options.disk, 'Which disk shall become a dynamic disk?', context);
  refuseNeeded(disk, context);
  const script = convertScript(disk);
  context.log('info', `diskpart: ${script.trim().split('\r\n').join('; ')}`);
  const folder = await context.temporaryFolder();
  const file = await folder.write('convert.txt', script);
  await context.run([systemProgram(context, 'diskpart'), '/s', file]);
};

/**
 * The state of the run lies on it, or a prestaged medium, and volumes of a dynamic disk are no partitions by which they
 * would be found again.
 */
function refuseNeeded({ device, holdsMedium }: Disk, { state }: StepContext): void {
  if (!holdsMedium && (state.target === undefined || !sameDisk(state.target.device, device))) return;
  throw new MediasmithError(
    'DISK_NOT_CHOSEN',
    `${device} is the disk that this sequence ${holdsMedium ? 'runs from' : 'deploys'}`,
    {
      hint: 'The sequence needs it as it is. Have the rules of the step choose another one. Nothing was changed.',
    },
  );
}
