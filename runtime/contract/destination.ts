import { z } from 'zod';
import { DriveLetter } from './option-fields.ts';

/**
 * Where ConfigMgr's steps put an image, besides a volume that the sequence has laid out (reference: "Apply Operating
 * System Image"). `present-windows` is ours: what a refresh means by the first of several partitions.
 */
const Destination = z.union([
  z
    .enum(['present-windows', 'next-formatted'])
    .describe(
      'present-windows: the volume of the one Windows that is there; next-formatted: the next NTFS volume without a Windows',
    ),
  z.strictObject({
    diskNumber: z.int().min(0).max(9999).describe('The number of the disk, from 0'),
    partition: z.int().min(1).max(128).describe('The number of the partition, from 1'),
  }),
  z.strictObject({ drive: DriveLetter.describe('WinPE: a drive letter, or %variable% with one') }),
]);
export type Destination = z.infer<typeof Destination>;

export const DestinationOption = Destination.optional().describe(
  'A volume that this run has not laid out, in the place of "volume": { diskNumber: 0, partition: 3 }; { drive: "C:" } in WinPE, with a letter or %variable%; present-windows: that of the one Windows that is there; next-formatted: the next NTFS volume without a Windows. Where this run has laid out a disk, these two are "volume" all the same',
);

/** For a person. */
export function describeDestination(destination: Destination): string {
  if (destination === 'present-windows') return 'the volume of the Windows that is there';
  if (destination === 'next-formatted') return 'the next formatted volume without a Windows';
  if ('drive' in destination) return `drive ${destination.drive}`;
  return `partition ${destination.partition} of disk ${destination.diskNumber}`;
}
