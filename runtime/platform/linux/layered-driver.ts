import { MediasmithError } from '../../contract/errors.ts';
import { setHiveValues } from '../../hive/regf-edit.ts';
import { hiveNumber } from '../../hive/regf-read.ts';
import { KEYBOARD_KEY, keyboardValues, type LayeredDriver } from '../layered-driver.ts';
import type { VolumeFiles } from '../platform.ts';

/** The registry of a Windows that has its keyboard, below the root of its volume. */
export const HIVE = 'Windows/System32/config/SYSTEM';

/**
 * Gives the Windows of a volume a keyboard in its registry, in the control set that it starts with. `SOURCE_INVALID`
 * where its hive cannot be changed; nothing is written then.
 */
export async function setLayeredDriver(
  files: Pick<VolumeFiles, 'read' | 'write'>,
  driver: LayeredDriver,
): Promise<void> {
  const hive = await files.read(HIVE);
  const set = hive === undefined ? undefined : hiveNumber(hive, 'Select', 'Default');
  if (hive === undefined || set === undefined) throw unfit('is not there, or names no control set');
  const path = `ControlSet${String(set).padStart(3, '0')}\\${KEYBOARD_KEY}`;
  const changed = setHiveValues(hive, path, keyboardValues(driver), new Date());
  if (changed === undefined) throw unfit('was not closed when the image was captured, or is damaged');
  await files.write(HIVE, changed);
}

function unfit(why: string): MediasmithError {
  return new MediasmithError(
    'SOURCE_INVALID',
    `the keyboard of the applied Windows cannot be set: its registry ${why}`,
    {
      where: HIVE,
      hint: 'Take layeredDriver out of the step, capture the image again after a shutdown, or deploy from WinPE, where DISM does it.',
    },
  );
}
