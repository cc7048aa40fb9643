import { MediasmithError } from '../../runtime/contract/errors.ts';
import { flattenSteps, type Sequence, titleOf } from '../../runtime/sequence/schema.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';
import type { PlannedWim } from './plan-wims.ts';

/**
 * Refuses a step that applies an image by an index its file does not have on the medium: only the images of media.yaml go
 * there, each at an index of its own. Found at the machine it would be found behind the erasing of its disk.
 */
export function refuseIndexes({ project }: Pick<ResolvedProject, 'project'>, wims: readonly PlannedWim[]): void {
  const lines = project.sequences.flatMap(({ file, sequence }) =>
    appliedByIndex(sequence).flatMap(({ title, image, index }) => {
      const wim = wims.find(({ images }) => images.some(({ name }) => name === image));
      if (wim === undefined || wim.images.some((there) => there.index === index)) return [];
      const there = wim.images.map(({ name, index: at }) => `${at} (${name})`).join(', ');
      return [`${file}: "${title}" applies image ${index} of "${image}"; on the medium that file has ${there}`];
    }),
  );
  if (lines.length === 0) return;
  throw new MediasmithError('IMAGE_NOT_FOUND', 'a task sequence applies an image that the medium will not have', {
    where: project.file,
    lines,
    hint: 'Leave imageIndex out of the step, and say in media.yaml which image of the source is meant: image: 3.',
  });
}

type Applied = { title: string; image: string; index: number };

function appliedByIndex({ steps }: Sequence): Applied[] {
  return flattenSteps(steps).flatMap((step) => {
    if (!step.enabled || (step.step !== 'apply-operating-system' && step.step !== 'apply-data-image')) return [];
    const { image, imageIndex } = step;
    // What a variable will say is not known yet.
    return typeof imageIndex === 'number' ? [{ title: titleOf(step), image, index: imageIndex }] : [];
  });
}
