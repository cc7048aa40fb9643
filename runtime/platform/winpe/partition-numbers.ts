import type { Win32 } from '../../native/win32.ts';
import type { TargetDisk } from '../platform.ts';
import { renumbered } from '../renumbered.ts';
import { readLayout } from './devices.ts';

/** The same target with the numbers that Windows has now. Where the table does not say, they stay. */
export function withNumbers(win32: Win32, target: TargetDisk): TargetDisk {
  return renumbered(target, readLayout(win32, target.device)?.partitions ?? []);
}
