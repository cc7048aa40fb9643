import type { StorageCalls } from '../../native/win32-storage.ts';
import { CONTROL_CODES, decodeDiskNumber } from '../../native/win32-structs.ts';

const PARTITION_OFFSET = 8;

/** The disk and the partition that a letter stands for, by their numbers; undefined for a disc or a share. */
export function placeOfLetter(win32: StorageCalls, letter: string): { disk: number; partition: number } | undefined {
  const answer = win32.control(`\\\\.\\${letter}:`, CONTROL_CODES.STORAGE_GET_DEVICE_NUMBER, Buffer.alloc(0), 12);
  if (answer === undefined || 'error' in answer) return undefined;
  const disk = decodeDiskNumber(answer.data);
  return disk === undefined ? undefined : { disk, partition: answer.data.readUInt32LE(PARTITION_OFFSET) };
}

/** The letter of each partition of a disk, by its number; Windows gives its system partition none. */
export function lettersOn(win32: StorageCalls, disk: number): Map<number, string> {
  return new Map(
    win32.driveLetters().flatMap((letter) => {
      const place = placeOfLetter(win32, letter);
      return place?.disk === disk ? [[place.partition, letter] as const] : [];
    }),
  );
}
