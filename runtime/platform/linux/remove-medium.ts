import { MediasmithError } from '../../contract/errors.ts';
import type { Argv, Exec } from '../../host/exec.ts';
import type { TargetDisk } from '../platform.ts';
import { partitionsOf, sectorBytesOf } from './block-devices.ts';
import { growNtfs } from './grow-ntfs.ts';
import type { Roots } from './machine.ts';

/**
 * Takes a prestaged medium, which is not mounted any more, off the disk, and lets the volume before it grow over its room.
 * May be done again after a cut. The other partitions, boot code and what is active stay as they are.
 */
export async function removeMedium(exec: Exec, { sys }: Roots, target: TargetDisk): Promise<void> {
  const { device, mediumRoom: room } = target;
  const volume = target.volumes.find(({ number }) => number === room?.volume);
  if (room === undefined || volume === undefined) return;
  const sectorBytes = await sectorBytesOf(sys, device);
  const inRoom = (await partitionsOf(sys, device)).filter(
    ({ startBytes, bytes }) => startBytes >= room.startBytes && startBytes + bytes <= room.startBytes + room.bytes,
  );
  try {
    const numbers = inRoom.map(({ number }) => number);
    if (numbers.length > 0) await exec(deleteArgv(device, numbers));
    for (const number of numbers) await exec(forgetArgv(device, number));
    const sectors = (volume.bytes + room.bytes) / sectorBytes;
    await exec(resizeArgv(device, volume.number), { input: `size=${sectors}\n` });
    await exec(seeResizedArgv(device, volume.number));
    await growNtfs(exec, volume.device);
  } catch (cause) {
    throw new MediasmithError('TOOL_FAILED', `the volume "${volume.name}" cannot take the room of the medium`, {
      where: volume.device,
      hint: 'Windows is on the disk and starts; its volume is smaller than it was to be.',
      cause,
    });
  }
}

/** Another volume of the disk is mounted: the kernel does not read the table again, and is told what has changed. */
const SFDISK = ['sfdisk', '--quiet', '--no-reread', '--no-tell-kernel'] as const;

/** Pure: takes partitions out of the table. */
export function deleteArgv(device: string, numbers: readonly number[]): Argv {
  return [...SFDISK, '--delete', device, ...numbers.map(String)];
}

/** Pure: gives one partition another size, which is read from standard input; it begins where it did. */
export function resizeArgv(device: string, number: number): Argv {
  return [...SFDISK, '--wipe-partitions', 'never', '-N', String(number), device];
}

/** Pure: has the kernel forget a partition. */
export function forgetArgv(device: string, number: number): Argv {
  return ['partx', '--delete', '--nr', String(number), device];
}

/** Pure: has the kernel know a partition by the size that the table gives it now. */
export function seeResizedArgv(device: string, number: number): Argv {
  return ['partx', '--update', '--nr', String(number), device];
}
