import type { ImageKind } from '../../contract/image-room.ts';
import { type Entry, isGroup, type Sequence, type Step, type StepOptions } from '../schema.ts';
import { mayBePassedOver } from './may-be-passed-over.ts';
import { childOf, type Path } from './places.ts';

type Layout = StepOptions<'format-and-partition-disk'>;
type LayoutStep = Layout & Step;
type Volume = NonNullable<Layout['volumes']>[number];

/** An image that a step puts on a volume of the disk that a layout makes. */
export type FilledVolume = {
  layout: LayoutStep;
  /** Where the layout stands; of a child's, where the step stands that runs the child. */
  path: Path;
  inChild: boolean;
  image: string;
  imageIndex: number | undefined;
  kind: ImageKind;
  /** As the step names it: a name, or `%variable%`. */
  volume: string;
  /** Where the layout is made, the image is applied. */
  sure: boolean;
  /** Another layout, which may be made instead or after it, has such a volume too. */
  elsewhere: boolean;
};

/** Each is looked at again for every image. */
const MOST_LAYOUTS = 64;

type Site = { step: Step; path: Path; inChild: boolean; conditional: readonly Entry[] };

/** Which image goes onto which volume: what follows a layout, as far as the next one that is sure to be made. Pure. */
export function filledVolumes(
  { steps }: Pick<Sequence, 'steps'>,
  sequences: ReadonlyMap<string, Pick<Sequence, 'steps'>> = new Map(),
): FilledVolume[] {
  let layouts: (Omit<Site, 'step'> & { step: LayoutStep })[] = [];
  const found: FilledVolume[] = [];
  for (const { step, ...site } of sitesOf(steps, ['steps'], [], { sequences, open: [] })) {
    if (step.step === 'format-and-partition-disk') {
      if (site.conditional.length === 0) layouts = [];
      if (layouts.length < MOST_LAYOUTS) layouts.push({ step, ...site });
      continue;
    }
    const filled = filledBy(step);
    if (filled === undefined) continue;
    for (const layout of layouts) {
      const sure = site.conditional.every((entry) => layout.conditional.includes(entry));
      const elsewhere = layouts.some((other) => other !== layout && makes(other.step, filled.volume));
      found.push({ layout: layout.step, path: layout.path, inChild: layout.inChild, ...filled, sure, elsewhere });
    }
  }
  return found;
}

function makes({ volumes }: Layout, named: string): boolean {
  return volumes === undefined || volumeOfLayout(volumes, named) !== undefined;
}

/** The volume of a layout that a step names, by its name or by the variable that has it; undefined for any other. Pure. */
export function volumeOfLayout(volumes: readonly Volume[], named: string): Volume | undefined {
  return volumes.find(({ name = '', variable = '' }) =>
    [name, `%${variable}%`].some((known) => known.toLowerCase() === named.toLowerCase()),
  );
}

type Children = { sequences: ReadonlyMap<string, Pick<Sequence, 'steps'>>; open: readonly string[] };

function* sitesOf(
  entries: readonly Entry[],
  path: Path,
  around: readonly Entry[],
  children: Children & { at?: Path },
): Generator<Site> {
  for (const [index, entry] of entries.entries()) {
    if (!entry.enabled) continue;
    const here = children.at ?? [...path, index];
    const conditional = mayBePassedOver(entry) ? [...around, entry] : around;
    if (isGroup(entry)) {
      yield* sitesOf(entry.steps, [...here, 'steps'], conditional, children);
      continue;
    }
    const child = childOf(entry);
    if (child === undefined || children.open.includes(child))
      yield { step: entry, path: here, inChild: children.at !== undefined, conditional };
    else {
      const { steps } = children.sequences.get(child) ?? { steps: [] };
      yield* sitesOf(steps, [], conditional, { ...children, open: [...children.open, child], at: here });
    }
  }
}

/** A partition or a drive that is named is none of the layout's. */
function filledBy(step: Step): Pick<FilledVolume, 'image' | 'imageIndex' | 'kind' | 'volume'> | undefined {
  if (step.step !== 'apply-operating-system' && step.step !== 'apply-data-image') return undefined;
  const { image, imageIndex, volume, destination } = step;
  if (volume === undefined || typeof destination === 'object') return undefined;
  if (step.step === 'apply-data-image' && destination !== undefined) return undefined;
  return { image, imageIndex, kind: step.step === 'apply-data-image' ? 'data' : 'windows', volume };
}
