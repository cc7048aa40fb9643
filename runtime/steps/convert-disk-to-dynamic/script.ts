import type { Disk } from '../../contract/machine.ts';
import { diskNumber } from '../../platform/winpe/diskpart.ts';

/** Pure: diskpart's words. It leaves a disk that is dynamic already as it is, and says so with an error. */
export function convertScript(disk: Pick<Disk, 'device'>): string {
  return `select disk ${diskNumber(disk)}\r\nconvert dynamic\r\n`;
}
