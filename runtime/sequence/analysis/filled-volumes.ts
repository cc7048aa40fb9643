import type { ImageKind } from '../../contract/image-room.ts';
import { definitionOf, type Entry, isGroup, type Sequence, type Step, type StepOptions } from '../schema.ts';
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
  /** Another layout, which may be made instead or after it, may have such a volume too. */
  elsewhere: boolean;
};

/** Each is looked at again for every image. */
const MOST_LAYOUTS = 64;

type Site = { step: Step; path: Path; inChild: boolean; conditional: readonly Entry[] };
/** `since`: the variables, in lower case, that steps behind the layout set. */
type Made = Omit<Site, 'step'> & { step: LayoutStep; since: Set<string> };

/**
 * Which image goes onto which volume: what follows a layout, as far as the next one that is sure to be made, or Windows on a
 * volume that was there, whose disk is then the one that steps mean. Pure.
 */
export function filledVolumes(
  { steps }: Pick<Sequence, 'steps'>,
  sequences: ReadonlyMap<string, Pick<Sequence, 'steps'>> = new Map(),
): FilledVolume[] {
  let layouts: Made[] = [];
  const found: FilledVolume[] = [];
  for (const { step, ...site } of sitesOf(steps, ['steps'], [], { sequences, open: [] })) {
    if (step.step === 'format-and-partition-disk') {
      if (site.conditional.length === 0) layouts = [];
      if (layouts.length < MOST_LAYOUTS) layouts.push({ step, ...site, since: new Set() });
      continue;
    }
    if (step.step === 'apply-operating-system' && typeof step.destination === 'object') layouts = [];
    const set = definitionOf(step).sets(step as never);
    for (const { since } of layouts) for (const name of set) since.add(name.toLowerCase());
    const filled = filledBy(step);
    if (filled === undefined) continue;
    for (const layout of layouts) {
      if (namesAny(filled.volume, layout.since)) continue;
      const sure = site.conditional.every((entry) => layout.conditional.includes(entry));
      // Such a step is for disks that were not laid out.
      if (!sure && 'destination' in step && step.destination !== undefined) continue;
      const elsewhere = layouts.some((other) => other !== layout && makes(other.step, filled.volume));
      found.push({ layout: layout.step, path: layout.path, inChild: layout.inChild, ...filled, sure, elsewhere });
    }
  }
  return found;
}

/** What such a variable will be nobody knows where the disk is laid out. */
function namesAny(text: string, variables: ReadonlySet<string>): boolean {
  return [...variables].some((name) => text.toLowerCase().includes(`%${name}%`));
}

function makes({ volumes }: Layout, named: string): boolean {
  return volumes === undefined || volumes.some(isNamedByVariable) || volumeOfLayout(volumes, named) !== undefined;
}

/** Whether what a volume is called is said by a variable. */
export function isNamedByVariable({ name }: Volume): boolean {
  return name?.includes('%') === true;
}

/**
 * The volume of a layout that a step names, by its name or by the variable that has it, which of several volumes has the
 * last; undefined for any other. Pure.
 */
export function volumeOfLayout(volumes: readonly Volume[], named: string): Volume | undefined {
  return volumes.findLast(({ name = '', variable = '' }) =>
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
