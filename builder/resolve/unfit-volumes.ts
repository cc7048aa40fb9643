import { MediasmithError, type Problem } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { imageRoomBytes } from '../../runtime/contract/image-room.ts';
import { variablesOf } from '../../runtime/contract/machines.ts';
import { parseSize, Size } from '../../runtime/contract/size.ts';
import { overridesLayout, setsAny } from '../../runtime/sequence/analysis/disk-start.ts';
import {
  choosesImage,
  type FilledVolume,
  filledVolumes,
  isNamedByVariable,
  volumeOfLayout,
} from '../../runtime/sequence/analysis/filled-volumes.ts';
import { enabledPlaces, stepsOf } from '../../runtime/sequence/analysis/places.ts';
import { readSequence } from '../../runtime/sequence/load.ts';
import { titleOf } from '../../runtime/sequence/schema.ts';
import type { MediaProject } from '../config/load.ts';
import { readText } from '../config/read-text.ts';

type Project = Pick<MediaProject, 'file' | 'sequences' | 'variables' | 'machines'>;
/** `bytes`: of the image's files. */
export type SizedImage = { name: string; bytes: number };

/** Throws `SEQUENCE_INVALID` with every volume that is sure not to take its image. */
export async function refuseUnfitVolumes(project: Project, images: readonly SizedImage[]): Promise<void> {
  const problems = (await unfitVolumes(project, images)).filter(({ severity }) => severity === 'error');
  if (problems.length === 0) return;
  throw new MediasmithError('SEQUENCE_INVALID', `a volume of ${project.file} cannot take its image`, {
    where: project.file,
    problems,
  });
}

/**
 * Volumes that cannot take the image that goes onto them, because no layout makes them, they have another file system, or a
 * fixed size that is too small; a warning where a condition may keep it from that. Nothing is said where variables may lay
 * out the disk in another way.
 */
export async function unfitVolumes(project: Project, images: readonly SizedImage[]): Promise<Problem[]> {
  const { sequences, variables, machines } = project;
  const given = [...variables.map(({ name }) => name), ...(machines === undefined ? [] : variablesOf(machines.value))];
  const steps = sequences.flatMap(({ sequence }) => stepsOf(enabledPlaces(sequence.steps)));
  const mayBeSet = (isAskedFor: (name: string) => boolean) =>
    given.some(isAskedFor) || steps.some(({ entry }) => setsAny(entry, isAskedFor));
  if (mayBeSet(overridesLayout)) return [];
  const sizes = new Map(mayBeSet(choosesImage) ? [] : images.map(({ name, bytes }) => [name, bytes]));
  const byId = new Map(sequences.map(({ sequence }) => [sequence.id, sequence]));
  const problems: Problem[] = [];
  for (const { file, sequence } of sequences) {
    const found = filledVolumes(sequence, byId).flatMap((filled) => faultOf(filled, sizes) ?? []);
    if (found.length === 0) continue;
    const { problemAt } = readSequence(await readText(file), file);
    problems.push(...found.map(({ at, ...problem }) => problemAt(at, { code: 'SEQUENCE_INVALID', ...problem })));
  }
  return problems;
}

type Fault = { at: PropertyKey[]; severity: Problem['severity']; message: string; hint: string };

function faultOf(filled: FilledVolume, sizes: ReadonlyMap<string, number>): Fault | undefined {
  const { layout, path, child, sure } = filled;
  if (filled.volume === undefined) return undefined;
  const named = { ...filled, volume: filled.volume };
  const volume = volumeOfLayout(layout.volumes ?? [], named.volume);
  const found = volume === undefined ? notLaidOut(named) : (noPlace(named, volume) ?? tooSmall(named, volume, sizes));
  if (found === undefined) return undefined;
  const { inVolume, ...words } = found;
  const at =
    volume === undefined || child !== undefined ? [] : ['volumes', layout.volumes?.indexOf(volume) ?? 0, ...inVolume];
  return { at: [...path, ...at], severity: sure ? 'error' : 'warning', ...words };
}

type Volume = NonNullable<FilledVolume['layout']['volumes']>[number];
type Named = FilledVolume & { volume: string };
/** `inVolume`: where in the volume's own lines it stands. */
type Found = { message: string; hint: string; inVolume: string[] };

/** What volumes without a name are called. */
const UNNAMED = /^(?:system|msr|recovery|volume\d+)$/i;

/** Of a variable nobody knows what it will be. */
function notLaidOut({ layout, step: { image }, volume: named, elsewhere }: Named): Found | undefined {
  const standard = layout.volumes === undefined && named.toLowerCase() === 'windows';
  if (elsewhere || standard || named.includes('%') || UNNAMED.test(named)) return undefined;
  if (layout.volumes?.some(isNamedByVariable)) return undefined;
  const names = layout.volumes?.flatMap(({ name }) => name ?? []) ?? ['Windows'];
  return {
    message: `"${titleOf(layout)}" makes no volume "${named}", which image "${image}" is for`,
    hint: names.length === 0 ? 'Give one of its volumes that name.' : `It makes ${names.join(', ')}.`,
    inVolume: [],
  };
}

/** Of what the style of a firmware decides nothing is said. */
function noPlace({ layout, kind, step: { image }, volume: named }: Named, volume: Volume): Found | undefined {
  const { type, bootable, fileSystem = type === 'efi' || type === 'msr' ? 'none' : 'ntfs' } = volume;
  const active = bootable === true && layout.style === 'mbr';
  const ofSystem = active || type === 'efi' || type === 'msr' || type === 'recovery';
  const fits = kind === 'windows' ? fileSystem === 'ntfs' : !ofSystem && fileSystem !== 'none';
  if (fits) return undefined;
  const makes = `"${titleOf(layout)}" makes volume "${named}"`;
  return kind === 'windows'
    ? {
        message: `${makes} without NTFS, which image "${image}" needs`,
        hint: 'Make it of type primary, with fileSystem: ntfs.',
        inVolume: [],
      }
    : {
        message: `${makes} no volume for data, and image "${image}" is for it`,
        hint: 'Name one of type primary that has a file system, and from which no firmware starts.',
        inVolume: [],
      };
}

function tooSmall(
  { layout, step: { image, imageIndex }, volume: named }: Named,
  { size }: Volume,
  sizes: ReadonlyMap<string, number>,
): Found | undefined {
  const imageBytes = imageIndex === undefined ? sizes.get(image) : undefined;
  const fixed = Size.safeParse(size);
  if (imageBytes === undefined || !fixed.success) return undefined;
  const needed = imageRoomBytes(imageBytes);
  if (needed <= parseSize(fixed.data)) return undefined;
  return {
    message: `"${titleOf(layout)}" gives volume "${named}" ${fixed.data}, image "${image}" needs ${formatBytes(needed)}`,
    hint: `Make the volume larger: ${formatBytes(needed)} is the image with what NTFS takes; rest gives it all that is left.`,
    inVolume: ['size'],
  };
}
