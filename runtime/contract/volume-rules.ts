import { parseSize, Size } from './size.ts';

/** The kinds of volume of Format and Partition Disk. */
export const VOLUME_TYPES = ['efi', 'msr', 'primary', 'extended', 'logical', 'hidden', 'recovery'] as const;
export type VolumeType = (typeof VOLUME_TYPES)[number];

export type PartitionStyle = 'gpt' | 'mbr';

/** What the rules ask of a volume. */
type Volume = {
  type: VolumeType;
  size: string;
  name?: string | undefined;
  fileSystem?: string | undefined;
  bootable?: boolean | undefined;
  variable?: string | undefined;
  quickFormat?: boolean | undefined;
  assignVolumeLetter?: boolean | undefined;
};

/** What is wrong, and at which volume (from 0), where it is one. */
export type VolumeProblem = { volume?: number; message: string };

const GPT_ONLY: readonly VolumeType[] = ['efi', 'msr'];
const MBR_ONLY: readonly VolumeType[] = ['extended', 'logical', 'hidden'];
const MBR_PRIMARIES = 4;
/** The first logical partition has the number 5, and sfdisk numbers up to 60. */
const MOST_LOGICAL = 56;
/** Entries of the table that every tool makes; sfdisk leaves out what is beyond them without a word. */
const GPT_ENTRIES = 128;

/** Why no disk of this style can have these volumes. `firmware`: of the style that the machine's firmware starts. Pure. */
export function volumeProblems(style: PartitionStyle | 'firmware', volumes: readonly Volume[]): VolumeProblem[] {
  return [
    ...wrongStyle(style, volumes),
    ...tooMany(style, volumes),
    ...volumes.flatMap((_, volume) => misplaced(volumes, volume).map((message) => ({ volume, message }))),
    ...volumes.flatMap((volume, index) => letterProblems(style, volume).map((message) => ({ volume: index, message }))),
    ...volumes.flatMap(({ size }, volume) => sizeProblems(size).map((message) => ({ volume, message }))),
    ...secondRests(volumes),
  ];
}

/** Whether volumes ask for an MBR disk by their types alone. Pure. */
export function needMbr(volumes: readonly { type: string }[]): boolean {
  return volumes.some(({ type }) => (MBR_ONLY as readonly string[]).includes(type));
}

function wrongStyle(style: PartitionStyle | 'firmware', volumes: readonly Volume[]): VolumeProblem[] {
  const first = (types: readonly VolumeType[]): number => volumes.findIndex(({ type }) => types.includes(type));
  const [gptOnly, mbrOnly] = [first(GPT_ONLY), first(MBR_ONLY)];
  const typeOf = (volume: number) => volumes[volume]?.type;
  if (style === 'firmware') {
    if (gptOnly < 0 || mbrOnly < 0) return [];
    const message = `a volume of type ${typeOf(mbrOnly)} exists on MBR disks only, one of type ${typeOf(gptOnly)} on GPT disks only`;
    return [{ volume: mbrOnly, message }];
  }
  const [wrong, other, becomes] = style === 'mbr' ? [gptOnly, 'GPT', 'MBR'] : [mbrOnly, 'MBR', 'GPT'];
  if (wrong < 0) return [];
  const message = `a volume of type ${typeOf(wrong)} exists on ${other} disks only, and this disk becomes ${becomes}`;
  return [{ volume: wrong, message }];
}

function tooMany(style: PartitionStyle | 'firmware', volumes: readonly Volume[]): VolumeProblem[] {
  const outer = volumes.filter(({ type }) => type !== 'logical').length;
  const logical = volumes.length - outer;
  const problem = (asked: number, most: number, rule: string): VolumeProblem[] =>
    asked <= most ? [] : [{ message: `${rule}, and ${asked} are asked` }];
  if (style === 'gpt' || (style === 'firmware' && !needMbr(volumes)))
    return problem(outer, GPT_ENTRIES, `a GPT disk has at most ${GPT_ENTRIES} partitions`);
  const primaries = `an MBR disk has at most ${MBR_PRIMARIES} primary partitions, an extended one counted among them`;
  return [
    ...problem(outer, MBR_PRIMARIES, primaries),
    ...problem(logical, MOST_LOGICAL, `an extended partition takes at most ${MOST_LOGICAL} logical ones here`),
  ];
}

function misplaced(volumes: readonly Volume[], index: number): string[] {
  const volume = volumes[index];
  if (volume?.type === 'logical') return logicalProblems(volume, volumes[index - 1]);
  if (volume?.type === 'extended') return extendedProblems(volume, volumes.slice(0, index).some(isExtended));
  if (volume?.type !== 'hidden' || volume.bootable !== true) return [];
  return ['boot files are written under a drive letter, which Windows gives no hidden volume: it cannot be bootable'];
}

function logicalProblems({ bootable }: Volume, before: Volume | undefined): string[] {
  const problems: string[] = [];
  if (before?.type !== 'extended' && before?.type !== 'logical')
    problems.push('a logical volume follows the extended one that it lies in, or another logical one');
  if (bootable === true) problems.push('a BIOS starts no logical volume: it cannot be bootable');
  return problems;
}

function letterProblems(style: PartitionStyle | 'firmware', { type, bootable, assignVolumeLetter }: Volume): string[] {
  if (assignVolumeLetter !== false || type === 'extended') return [];
  if (type === 'efi' || (style !== 'gpt' && bootable === true))
    return [
      'boot files are written under a drive letter: the volume that they lie on cannot go without (assignVolumeLetter)',
    ];
  if (type === 'primary' || type === 'logical') return [];
  return [`whether a volume of type ${type} has a drive letter goes by its type: it has no assignVolumeLetter`];
}

function extendedProblems(volume: Volume, isSecond: boolean): string[] {
  const { name, variable, fileSystem = 'none', bootable, quickFormat, assignVolumeLetter } = volume;
  const given = [
    ...(name === undefined ? [] : ['name']),
    ...(variable === undefined ? [] : ['variable']),
    ...(fileSystem === 'none' ? [] : ['fileSystem']),
    ...(bootable === true ? ['bootable'] : []),
    ...(quickFormat === undefined ? [] : ['quickFormat']),
    ...(assignVolumeLetter === undefined ? [] : ['assignVolumeLetter']),
  ];
  const problems: string[] = [];
  if (isSecond) problems.push('an MBR disk has at most one extended partition');
  if (given.length > 0)
    problems.push(`an extended volume has no ${given.join(', ')}: it holds logical ones, and no more`);
  return problems;
}

const isExtended = ({ type }: Volume): boolean => type === 'extended';

/** Partitions lie on whole MiB, and their sizes are rounded up to that. */
function sizeProblems(size: string): string[] {
  const parsed = Size.safeParse(size);
  if (!parsed.success || parseSize(parsed.data) > 0) return [];
  return [`a volume of ${size} is none: give it a size, such as 260 MB, or rest`];
}

function secondRests(volumes: readonly Volume[]): VolumeProblem[] {
  const rests = (logical: boolean): number[] =>
    volumes.flatMap(({ type, size }, index) => (size === 'rest' && (type === 'logical') === logical ? [index] : []));
  const of = (places: readonly number[], what: string): VolumeProblem[] =>
    places.slice(1).map((volume) => ({ volume, message: `more than one volume is to take the rest of the ${what}` }));
  return [...of(rests(false), 'disk'), ...of(rests(true), 'extended one')];
}
