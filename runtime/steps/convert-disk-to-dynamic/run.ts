import type { StepOptions } from '../../sequence/schema.ts';
import { theOneDisk } from '../choose-disk.ts';
import type { Run } from '../context.ts';
import { systemProgram } from '../system-program.ts';
import { convertScript } from './script.ts';

export const runConvertDiskToDynamic: Run<StepOptions<'convert-disk-to-dynamic'>> = async (options, context) => {
  const disk = await theOneDisk(options.disk, 'Which disk shall become a dynamic disk?', context);
  const script = convertScript(disk);
  context.log('info', `diskpart: ${script.trim().split('\r\n').join('; ')}`);
  const folder = await context.temporaryFolder();
  const file = await folder.write('convert.txt', script);
  await context.run([systemProgram(context, 'diskpart'), '/s', file]);
};
