import { z } from 'zod';
import { DiskRules } from '../../contract/disk-rules.ts';
import { isTrue } from '../../contract/option-fields.ts';
import { Size } from '../../contract/size.ts';
import { defineStep } from '../../contract/step.ts';
import { WritableVariableName } from '../../contract/variables.ts';
import { VOLUME_TYPES, volumeProblems } from '../../contract/volume-rules.ts';

const VolumeName = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[^"\p{Cc}]*$/u, 'a volume name has no quotation marks and is one line');

/** One volume of the layout, in the order in which it lies on the disk. */
export const VolumeWish = z.strictObject({
  type: z
    .enum(VOLUME_TYPES)
    .describe(
      'efi and msr exist on GPT disks only; extended, logical and hidden on MBR disks only. An extended volume holds the logical ones that follow it. Windows gives a hidden one no drive letter, so that no image is applied to it',
    ),
  name: VolumeName.optional().describe('The label of its file system'),
  size: z
    .union([Size, z.string().regex(/^(100|[1-9]?\d)%$/, 'a percentage of what is left: 50%'), z.literal('rest')])
    .describe(
      'A size, a percentage of the space that is left, or rest; of a logical volume within the extended one, where each of them takes 1 MiB besides',
    ),
  fileSystem: z
    .enum(['ntfs', 'fat32', 'none'])
    .optional()
    .describe('By default what the type needs: fat32 for efi, none for msr and extended, else ntfs'),
  quickFormat: z
    .boolean()
    .optional()
    .describe(
      'True unless given. false: every block is written (NTFS on Linux, any volume in WinPE) or read (FAT32 on Linux) first, so that bad ones are found: on a large volume that takes hours',
    ),
  assignVolumeLetter: z
    .boolean()
    .optional()
    .describe(
      'True unless given. false, for primary and logical volumes only: it gets no drive letter in WinPE, so that no image is applied to it; on a GPT disk Windows gives it none later either',
    ),
  bootable: z.boolean().optional().describe('MBR: mark it active'),
  variable: WritableVariableName.optional().describe('The variable that receives what names the volume to later steps'),
});
export type VolumeWish = z.infer<typeof VolumeWish>;

type Style = 'gpt' | 'mbr' | 'firmware';
type Get = (name: string) => string | undefined;

export const formatAndPartitionDisk = defineStep(
  'format-and-partition-disk',
  {
    title: 'Format and Partition Disk',
    summary:
      'Erases the one disk that the rules choose and lays out its volumes. Later steps mean the disk that was laid out last: lay out a disk for data before that of Windows where such steps follow.',
    runsOn: ['winpe', 'linux'],
    destructive: true,
    reboots: false,
    repeatable: true,
  },
  {
    disk: DiskRules.default({}).describe('Which disk may be erased; by default the only internal one'),
    style: z
      .enum(['gpt', 'mbr', 'firmware'])
      .default('firmware')
      .describe(
        'Partition style; firmware: gpt when started by UEFI, mbr when started by BIOS. OSDPartitionStyle overrides it',
      ),
    volumes: z
      .array(VolumeWish)
      .min(1)
      .optional()
      .describe(
        'Volumes in order; by default the Windows layout: GPT EFI 260 MB, MSR 16 MB, Windows, Recovery 990 MB; MBR System 100 MB, Windows, Recovery 990 MB. The OSDPartitions variables override them',
      ),
  },
  {
    sets: ({ volumes }) => (volumes ?? []).flatMap(({ variable }) => variable ?? []),
    problems: ({ style, volumes }) =>
      volumeProblems(style, volumes ?? []).map(({ volume, message }) => ({
        path: ['volumes', ...(volume === undefined ? [] : [volume])],
        message,
      })),
    fromVariables: (get) => {
      const style = get('OSDPartitionStyle');
      const volumes = volumesFromVariables(get);
      return {
        ...(style !== undefined && { style: style.toLowerCase() as Style }),
        ...(volumes.length > 0 && { volumes }),
      };
    },
  },
);

/** One more than any disk takes, so that a count that makes no sense is refused; one that is no number gives none. */
const MOST_VOLUMES = 129;

/**
 * The `OSDPartitions` array. A type that does not exist keeps its name, for the schema to refuse. Of an extended volume
 * only its size is read, whatever ConfigMgr has written beside it, and `AssignVolumeLetter` only of a volume that may go
 * without: ConfigMgr says false of those, too, whose letter goes by their type.
 */
function volumesFromVariables(get: Get): VolumeWish[] {
  const count = Math.min(Number.parseInt(get('OSDPartitions') ?? '0', 10) || 0, MOST_VOLUMES);
  const percentLeft = { disk: 100, extended: 100 };
  return Array.from({ length: count }, (_, index): VolumeWish => {
    const field = (name: string): string | undefined => get(`OSDPartitions${index}${name}`) || undefined;
    const type = (field('Type') ?? 'primary').toLowerCase() as VolumeWish['type'];
    const within = type === 'logical' ? 'extended' : 'disk';
    const size = sizeFromVariables(field('Size'), field('SizeUnits'), percentLeft[within]);
    if (size.endsWith('%')) percentLeft[within] -= Number.parseInt(size, 10);
    if (type === 'extended') return { type, size };
    const [name, variable, fileSystem] = [field('VolumeName'), field('VolumeLetterVariable'), field('FileSystem')];
    return {
      type,
      size,
      ...(name !== undefined && { name }),
      ...(fileSystem !== undefined && { fileSystem: fileSystem.toLowerCase() as VolumeWish['fileSystem'] }),
      ...(isFalse(field('QuickFormat')) && { quickFormat: false }),
      ...(isFalse(field('AssignVolumeLetter')) &&
        mayGoWithout(type, field('Bootable')) && { assignVolumeLetter: false }),
      ...(isTrue(field('Bootable')) && { bootable: true }),
      ...(variable !== undefined && { variable }),
    };
  });
}

const isFalse = (text: string | undefined): boolean => /^(false|no|0)$/i.test(text ?? '');

function mayGoWithout(type: VolumeWish['type'], bootable: string | undefined): boolean {
  return (type === 'primary' || type === 'logical') && !isTrue(bootable);
}

/** ConfigMgr's percentage is of what the volumes before leave, ours of what all the fixed sizes leave. */
function sizeFromVariables(size: string | undefined, units = 'MB', percentLeft: number): string {
  if (size === undefined) return 'rest';
  if (!/^(%|percent)$/i.test(units)) return `${size} ${units.toUpperCase()}`;
  if (Number(size) === 100) return 'rest';
  return `${Math.floor((percentLeft * Number(size)) / 100)}%`;
}
