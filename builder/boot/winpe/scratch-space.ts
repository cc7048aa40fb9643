import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import type { ScratchSpace } from '../../config/schema.ts';
import { exportHive, mergeIntoHive } from '../../tools/hivexregedit.ts';

/** The registry hive in an image that says how much may be written to X:. */
export const SYSTEM_HIVE = 'Windows/System32/config/SYSTEM';

/** WinPE's write filter, which keeps in memory what is written to X:. */
const WRITE_FILTER = 'ControlSet001\\Services\\FBWF';

/** Sets the scratch space in a SYSTEM hive of WinPE. Throws `BOOT_IMAGE_INVALID` for a hive without the write filter. */
export async function setScratchSpace(hive: string, mebibytes: ScratchSpace, exec: Exec): Promise<void> {
  const filter = await exportHive(hive, WRITE_FILTER, exec);
  if (filter.size === 0) {
    throw new MediasmithError('BOOT_IMAGE_INVALID', 'the image has no write filter whose scratch space could be set', {
      where: `${SYSTEM_HIVE}: ${WRITE_FILTER}`,
      hint: 'Leave the scratch space out, or take another boot.wim.',
    });
  }
  const values = new Map([['WinPECacheThreshold', { type: 'DWORD', data: mebibytes } as const]]);
  await mergeIntoHive(hive, new Map([[WRITE_FILTER, values]]), exec);
}
