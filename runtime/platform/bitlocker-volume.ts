import { readAt } from './raw-disk.ts';

/** The OEM name of an encrypted volume (Microsoft: "BitLocker Drive Encryption (BDE) format"). */
const SIGN = '-FVE-FS-';
const PLACE = 3;

/** Whether a volume that begins at an offset of a device is encrypted by BitLocker, locked or not. */
export async function isBitLockerVolume(device: string, offset: number): Promise<boolean> {
  const found = await readAt(device, offset + PLACE, SIGN.length).catch(() => undefined);
  return found?.toString('latin1') === SIGN;
}
