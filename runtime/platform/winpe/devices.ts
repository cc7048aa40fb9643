import type { Win32 } from '../../native/win32.ts';
import type { StorageCalls } from '../../native/win32-storage.ts';
import { CONTROL_CODES, type DriveLayout, decodeDeviceNumber, decodeLayout } from '../../native/win32-structs.ts';
import type { WinpeHost } from './host.ts';
import { layoutOfImage } from './layout-of-image.ts';

const LAYOUT_BYTES = 64 * 1024;

/** What opens a disk by its number. */
export function diskDevice(number: number): string {
  return `\\\\.\\PhysicalDrive${number}`;
}

/** What opens the root of a volume without a letter; on a GPT disk it has the GUID of its partition. */
export function volumeDevice(guid: string): string {
  return `\\\\?\\Volume{${guid.toLowerCase()}}\\`;
}

/** The disk a drive letter lies on; undefined for a disc, a share, and the RAM drive of WinPE. */
export function diskOfLetter({ win32, disk }: Pick<WinpeHost, 'win32' | 'disk'>, letter: string): string | undefined {
  if (win32.driveType(letter) === 'ramdisk') return undefined;
  const place = placeOfLetter(win32, letter);
  return place === undefined ? undefined : disk(place.disk);
}

/** The disk and the partition that a letter stands for, by their numbers; undefined for a disc or a share. */
export function placeOfLetter(win32: StorageCalls, letter: string): { disk: number; partition: number } | undefined {
  const answer = win32.control(`\\\\.\\${letter}:`, CONTROL_CODES.STORAGE_GET_DEVICE_NUMBER, Buffer.alloc(0), 12);
  return answer === undefined || 'error' in answer ? undefined : decodeDeviceNumber(answer.data);
}

/** The table on a disk as Windows sees it; undefined where it does not say. */
export function readLayout(win32: Win32, device: string): DriveLayout | undefined {
  const answer = win32.control(device, CONTROL_CODES.DISK_GET_DRIVE_LAYOUT_EX, Buffer.alloc(0), LAYOUT_BYTES);
  return answer === undefined || 'error' in answer ? layoutOfImage(device) : decodeLayout(answer.data);
}

/** Whether two paths name one disk. */
export function sameDisk(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
