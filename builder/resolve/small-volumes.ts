import { MediasmithError, type Problem } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { imageRoomBytes } from '../../runtime/contract/image-room.ts';
import { variablesOf } from '../../runtime/contract/machines.ts';
import { parseSize, Size } from '../../runtime/contract/size.ts';
import { overridesLayout, setsOverrides } from '../../runtime/sequence/analysis/disk-start.ts';
import { type FilledVolume, filledVolumes, volumeOfLayout } from '../../runtime/sequence/analysis/filled-volumes.ts';
import { enabledPlaces, stepsOf } from '../../runtime/sequence/analysis/places.ts';
import { readSequence } from '../../runtime/sequence/load.ts';
import { titleOf } from '../../runtime/sequence/schema.ts';
import type { MediaProject } from '../config/load.ts';
import { readText } from '../config/read-text.ts';

type Project = Pick<MediaProject, 'file' | 'sequences' | 'variables' | 'machines'>;
/** `bytes`: of the image's files. */
export type SizedImage = { name: string; bytes: number };

/** Throws `SEQUENCE_INVALID` with every volume that is sure to be too small for its image. */
export async function refuseSmallVolumes(project: Project, images: readonly SizedImage[]): Promise<void> {
  const problems = (await smallVolumes(project, images)).filter(({ severity }) => severity === 'error');
  if (problems.length === 0) return;
  throw new MediasmithError('SEQUENCE_INVALID', `a volume of ${project.file} is too small for its image`, {
    where: project.file,
    problems,
  });
}

/**
 * Volumes of a fixed size that cannot take the image that goes onto them; a warning where a condition may keep it from
 * that. Nothing is said where variables may lay out the disk in another way.
 */
export async function smallVolumes(project: Project, images: readonly SizedImage[]): Promise<Problem[]> {
  const { sequences, variables, machines } = project;
  const given = [...variables.map(({ name }) => name), ...(machines === undefined ? [] : variablesOf(machines.value))];
  const steps = sequences.flatMap(({ sequence }) => stepsOf(enabledPlaces(sequence.steps)));
  if (given.some(overridesLayout) || steps.some(({ entry }) => setsOverrides(entry))) return [];
  const sizes = new Map(images.map(({ name, bytes }) => [name, bytes]));
  const byId = new Map(sequences.map(({ sequence }) => [sequence.id, sequence]));
  const problems: Problem[] = [];
  for (const { file, sequence } of sequences) {
    const found = filledVolumes(sequence, byId).flatMap((filled) => tooSmall(filled, sizes) ?? []);
    if (found.length === 0) continue;
    const { problemAt } = readSequence(await readText(file), file);
    problems.push(...found.map(({ at, ...problem }) => problemAt(at, { code: 'SEQUENCE_INVALID', ...problem })));
  }
  return problems;
}

type Fault = { at: PropertyKey[]; severity: Problem['severity']; message: string; hint: string };

function tooSmall(filled: FilledVolume, sizes: ReadonlyMap<string, number>): Fault | undefined {
  const { layout, path, inChild, image, imageIndex, volume: named, sure } = filled;
  const volumes = layout.volumes ?? [];
  const volume = volumeOfLayout(volumes, named);
  const imageBytes = imageIndex === undefined ? sizes.get(image) : undefined;
  const fixed = Size.safeParse(volume?.size);
  if (volume === undefined || imageBytes === undefined || !fixed.success) return undefined;
  const needed = imageRoomBytes(imageBytes);
  if (needed <= parseSize(fixed.data)) return undefined;
  return {
    at: inChild ? [...path] : [...path, 'volumes', volumes.indexOf(volume), 'size'],
    severity: sure ? 'error' : 'warning',
    message: `"${titleOf(layout)}" gives volume "${named}" ${fixed.data}, image "${image}" needs ${formatBytes(needed)}`,
    hint: `Make the volume larger: ${formatBytes(needed)} is the image with what NTFS takes; rest gives it all that is left.`,
  };
}
