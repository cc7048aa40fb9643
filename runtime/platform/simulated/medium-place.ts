import type { RecordedMachine } from '../../contract/recorded-machine.ts';
import type { PlatformName } from '../../contract/step.ts';
import { partitionDevice } from '../linux/block-devices.ts';
import type { MountedMedium } from '../platform.ts';
import { mountFolder } from './linux/mount.ts';

/** The stick of a machine that was recorded without one. */
const STICK = '/dev/sdz';

/** Where a system finds the medium: a stick of the machine, on which it is the first partition. */
export function mediumPlace(name: PlatformName, { disks }: Pick<RecordedMachine, 'disks'>): MountedMedium {
  if (name !== 'linux') return { root: 'D:\\', device: 'D:', disk: '', launchMode: 'UFD' };
  const device = partitionDevice(disks.find(({ holdsMedium }) => holdsMedium)?.device ?? STICK, 1);
  return { root: mountFolder(device), device, disk: '', launchMode: 'UFD' };
}
