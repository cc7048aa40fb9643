import { variableFile } from '../../linux/firmware.ts';
import type { TargetDisk } from '../../platform.ts';
import { GRUB_ENTRANCE, STAGED_FOLDER } from '../../staged-linux.ts';
import type { SimulatedWorld } from '../world.ts';
import { lookInto, mountVolume } from './mount.ts';

const firmware = (variable: string): string => variableFile('/sys', variable);

/** Has the firmware start the boot environment once more; a BIOS comes to it all the same. */
export function startAgain({ recorded, recorder }: SimulatedWorld): void {
  if (recorded.firmware === 'uefi') recorder.write(`${firmware('BootNext')}: what BootCurrent says`);
}

/** Takes away what a Windows has put onto its EFI system partition to start the boot environment, and its boot entry. */
export async function removeStaged(world: SimulatedWorld, disks: readonly TargetDisk[]): Promise<void> {
  const { recorder, staged } = world;
  world.staged = undefined;
  for (const volume of disks.flatMap(({ volumes }) => volumes).filter(({ fileSystem }) => fileSystem === 'fat32')) {
    await lookInto(world, volume);
    if (staged !== 'there') continue;
    await using mounted = await mountVolume(world, volume, 'write');
    for (const path of [STAGED_FOLDER, GRUB_ENTRANCE]) recorder.write(`${mounted.path}/${path}: is removed`);
  }
  recorder.write(`${firmware('Boot####')}: the entry of this start is removed`);
  recorder.write(`${firmware('BootOrder')}: without that entry`);
}
