import { endOfCleanHive } from '../../hive/regf-base-block.ts';
import { hiveNumber, hiveText } from '../../hive/regf-read.ts';
import type { TargetVolume, VolumeFiles } from '../../platform/platform.ts';
import type { StepContext } from '../context.ts';
import { presentWindows } from '../present-windows.ts';
import { controlSet, type Hive, type ReadText } from './registry.ts';

const FOLDER = 'Windows/System32/config';

/** Linux: reads two hives of the installed Windows as files, and writes nothing. */
export async function withHiveFiles(context: StepContext, use: (read: ReadText) => Promise<void>): Promise<void> {
  const { windows } = await presentWindows(context);
  const hives = await readHives(windows, context);
  const set = controlSet(hiveNumber(hives.SYSTEM, 'Select', 'Current') ?? 1);
  await use(async (hive, key, name) => hiveText(hives[hive], hive === 'SYSTEM' ? `${set}\\${key}` : key, name) ?? '');
}

type Hives = Readonly<Record<Hive, Buffer>>;

/** The volume is let go of before they are used. */
async function readHives(windows: TargetVolume, context: StepContext): Promise<Hives> {
  await using mounted = await context.platform.mount(windows, 'read');
  const { files } = mounted;
  return { SOFTWARE: await readHive('SOFTWARE', files, context), SYSTEM: await readHive('SYSTEM', files, context) };
}

/** Nothing is changed by them, so that one which is not clean is no reason to stop. */
async function readHive(hive: Hive, files: Pick<VolumeFiles, 'read'>, { log }: StepContext): Promise<Buffer> {
  const path = `${FOLDER}/${hive}`;
  const bytes = await files.read(path);
  if (bytes === undefined) log('warning', `${path}: Windows has no such part of its registry`);
  else if (endOfCleanHive(bytes) === undefined)
    log('warning', `${path} was not closed, or is damaged: what Windows has changed last may be missing`);
  return bytes ?? Buffer.alloc(0);
}
