import { z } from 'zod';
import { DiskRules } from '../../contract/disk-rules.ts';
import { Size } from '../../contract/size.ts';
import { defineStep } from '../../contract/step.ts';
import { WritableVariableName } from '../../contract/variables.ts';

const VolumeName = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[^"\p{Cc}]*$/u, 'a volume name has no quotation marks and is one line');

/** One volume of the layout, in the order in which it lies on the disk. */
export const VolumeWish = z.strictObject({
  type: z.enum(['efi', 'msr', 'primary', 'recovery']).describe('efi and msr exist on GPT disks only'),
  name: VolumeName.optional().describe('The label of its file system'),
  size: z
    .union([Size, z.string().regex(/^(100|[1-9]?\d)%$/, 'a percentage of what is left: 50%'), z.literal('rest')])
    .describe('A size, a percentage of the space that is left, or rest'),
  fileSystem: z
    .enum(['ntfs', 'fat32', 'none'])
    .optional()
    .describe('By default what the type needs: fat32 for efi, none for msr, else ntfs'),
  bootable: z.boolean().optional().describe('MBR: mark it active'),
  variable: WritableVariableName.optional().describe('The variable that receives what names the volume to later steps'),
});
export type VolumeWish = z.infer<typeof VolumeWish>;

export const formatAndPartitionDisk = defineStep(
  'format-and-partition-disk',
  {
    title: 'Format and Partition Disk',
    summary: 'Erases the one disk that the rules choose and lays out its volumes.',
    runsOn: ['winpe', 'linux'],
    destructive: true,
    reboots: false,
  },
  {
    disk: DiskRules.default({}).describe('Which disk may be erased; by default the only internal one'),
    style: z
      .enum(['gpt', 'mbr', 'firmware'])
      .default('firmware')
      .describe('Partition style; firmware: gpt when started by UEFI, mbr when started by BIOS'),
    volumes: z
      .array(VolumeWish)
      .min(1)
      .optional()
      .describe(
        'Volumes in order; by default the Windows layout: GPT EFI 260 MB, MSR 16 MB, Windows, Recovery 990 MB; MBR System 100 MB, Windows, Recovery 990 MB',
      ),
  },
);
