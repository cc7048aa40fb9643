import type { StorageCalls } from '../../native/win32-storage.ts';
import { placeOfLetter } from '../winpe/devices.ts';

/** The letter of each partition of a disk, by its number; Windows gives its system partition none. */
export function lettersOn(win32: StorageCalls, disk: number): Map<number, string> {
  return new Map(
    win32.driveLetters().flatMap((letter) => {
      const place = placeOfLetter(win32, letter);
      return place?.disk === disk ? [[place.partition, letter] as const] : [];
    }),
  );
}
