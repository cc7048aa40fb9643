import { MediasmithError } from '../../contract/errors.ts';
import { hiveText } from '../../hive/regf-read.ts';
import type { VolumeFiles } from '../../platform/platform.ts';
import type { StepContext } from '../context.ts';
import type { PresentWindows } from '../present-windows.ts';

/** Microsoft: "Windows Setup States": it says in two places how far Windows is. */
const STATE_FILE = 'Windows/Setup/State/State.ini';
const HIVE = 'Windows/System32/config/SOFTWARE';
const KEY = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const GENERALIZED = /^IMAGE_STATE_GENERALIZE_RESEAL_TO_(OOBE|AUDIT)$/;

/** A Windows that Sysprep has not generalised starts on other machines with this one's identity, or not at all. */
export async function requireGeneralized(
  { windows }: PresentWindows,
  required: boolean,
  { platform, log }: StepContext,
): Promise<void> {
  await using mounted = await platform.mount(windows, 'read');
  const state = await imageState(mounted.files);
  if (state !== undefined && GENERALIZED.test(state)) return log('info', `Windows is generalised: ${state}`);
  if (state === undefined) return log('warning', 'it cannot be told whether Windows was generalised by Sysprep');
  const message = `Windows on ${windows.device} was not generalised: its state is ${state}`;
  if (!required) return log('warning', message);
  throw new MediasmithError('STEP_FAILED', message, {
    hint: 'Run sysprep /generalize /oobe /shutdown in it, or say requireGeneralized: false in the step. Nothing was written.',
  });
}

/** Undefined where neither place says it. */
async function imageState(files: Pick<VolumeFiles, 'read'>): Promise<string | undefined> {
  const file = await files.read(STATE_FILE);
  const text = file?.readUInt16LE(0) === 0xfeff ? file.toString('utf16le') : file?.toString('latin1');
  const stated = /^\s*ImageState\s*=\s*"?(\w+)/im.exec(text ?? '')?.[1];
  if (stated !== undefined) return stated;
  const hive = await files.read(HIVE);
  return hive === undefined ? undefined : hiveText(hive, KEY, 'ImageState');
}
