import type { ImageKind } from '../../contract/image-room.ts';
import { definitionOf, type Entry, type Sequence, type Step, type StepOptions } from '../schema.ts';
import { childOf, type Path } from './places.ts';
import { type Site, sitesOf } from './sites.ts';

type Layout = StepOptions<'format-and-partition-disk'>;
type LayoutStep = Layout & Step;
type Volume = NonNullable<Layout['volumes']>[number];
type Filling = Step & (StepOptions<'apply-operating-system'> | StepOptions<'apply-data-image'>);

/** An image that a step puts on a volume of the disk that a layout makes. */
export type FilledVolume = {
  layout: LayoutStep;
  /** Where the layout stands; of a child's, where the step stands that runs the child. */
  path: Path;
  /** The child sequence that the layout is in. */
  child: string | undefined;
  /** The step that puts it there. */
  step: Filling;
  kind: ImageKind;
  /** As the step names it: a name, or `%variable%`; undefined where that variable is set behind the layout. */
  volume: string | undefined;
  /** Where the layout is made, the image is applied to its disk. */
  sure: boolean;
  /** Another layout, which may be made instead or after it, may have such a volume too. */
  elsewhere: boolean;
  /** A step behind the layout sets a variable that may choose another image. */
  chosenLater: boolean;
};

/** Each is looked at again for every image. */
const MOST_LAYOUTS = 64;

/** `since`: the variables, in lower case, that steps behind the layout set. `mayBeLeft`: for another disk, behind it. */
type Made = Omit<Site, 'step'> & { step: LayoutStep; since: Set<string>; mayBeLeft: boolean; chosenLater: boolean };

/**
 * Which image goes onto which volume: what follows a layout, as far as the next one that is sure to be made, or Windows on a
 * volume that was there, whose disk is then the one that steps mean. A child that is unknown may lay out any disk. Pure.
 */
export function filledVolumes(
  { steps }: Pick<Sequence, 'steps'>,
  sequences: ReadonlyMap<string, Pick<Sequence, 'steps'>> = new Map(),
): FilledVolume[] {
  let layouts: Made[] = [];
  const found: FilledVolume[] = [];
  for (const { step, ...site } of sitesOf(steps, sequences)) {
    if (step.step === 'format-and-partition-disk') {
      layouts = leftFor(site.conditional, layouts);
      if (layouts.length < MOST_LAYOUTS)
        layouts.push({ step, ...site, since: new Set(), mayBeLeft: false, chosenLater: false });
      continue;
    }
    if (childOf(step) !== undefined) layouts = [];
    if (step.step === 'apply-operating-system' && typeof step.destination === 'object')
      layouts = leftFor(site.conditional, layouts);
    const set = definitionOf(step).sets(step as never);
    for (const layout of layouts) {
      for (const name of set) layout.since.add(name.toLowerCase());
      layout.chosenLater ||= set.some(choosesImage);
    }
    const filled = filledBy(step);
    if (filled === undefined) continue;
    const makers = layouts.filter((layout) => makes(layout.step, filled.volume));
    for (const layout of layouts) {
      const { path, child, since, mayBeLeft, chosenLater } = layout;
      const sure = !mayBeLeft && within(site.conditional, layout.conditional, since);
      // Such a step is for disks that were not laid out.
      if (!sure && 'destination' in step && step.destination !== undefined) continue;
      const elsewhere = makers.some((other) => other !== layout);
      const volume = namesAny(filled.volume, since) ? undefined : filled.volume;
      found.push({ ...filled, layout: layout.step, path, child, volume, sure, elsewhere, chosenLater });
    }
  }
  return found;
}

/** What may still be the disk that steps mean, behind a step under these conditions that turns to another one. */
function leftFor(conditional: readonly Entry[], layouts: readonly Made[]): Made[] {
  return (
    layouts
      .filter((made) => !within(conditional, made.conditional, made.since))
      // Where each has a condition of its own, these tell two kinds of machines apart.
      .map((made) => ({ ...made, mayBeLeft: made.mayBeLeft || within(made.conditional, conditional, made.since) }))
  );
}

/** Whether all that may leave the one out may leave out the other: the same entry, or the same condition of two. */
function within(some: readonly Entry[], all: readonly Entry[], since: ReadonlySet<string>): boolean {
  return some.every((entry) => all.includes(entry) || all.some((other) => isSame(entry, other, since)));
}

/** `since`: what steps between the two set, so that a condition that reads it may say something else. */
function isSame(one: Entry, other: Entry, since: ReadonlySet<string>): boolean {
  if (one.continueOnError || other.continueOnError) return false;
  const asked = askedBy(one);
  return asked.text === askedBy(other).text && !asked.names.some((name) => since.has(name));
}

/** `names`: everything in it, in lower case, that may be the name of a variable. */
type Asked = { text: string; names: string[] };
const askedByEntry = new WeakMap<Entry, Asked>();

function askedBy(entry: Entry): Asked {
  const before = askedByEntry.get(entry);
  if (before !== undefined) return before;
  const text = JSON.stringify(entry.condition ?? null).toLowerCase();
  const names = Array.from(text.matchAll(/"([^"]*)"/g), ([, quoted = '']) => [quoted, ...variablesIn(quoted)]);
  const asked = { text, names: names.flat() };
  askedByEntry.set(entry, asked);
  return asked;
}

/** What such a variable will be nobody knows where the disk is laid out. */
function namesAny(text: string, variables: ReadonlySet<string>): boolean {
  return variablesIn(text).some((name) => variables.has(name));
}

function variablesIn(text: string): string[] {
  return Array.from(text.matchAll(/%([^%]+)%/g), ([, name = '']) => name.toLowerCase());
}

/** Whether a variable may say that another image of a file is applied. */
export function choosesImage(name: string): boolean {
  return /^OSD(?:ImageIndex|DataImageIndex|InstallEditionIndex)$/i.test(name);
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

/** A partition or a drive that is named is none of the layout's. */
function filledBy(step: Step): (Pick<FilledVolume, 'step' | 'kind'> & { volume: string }) | undefined {
  if (step.step !== 'apply-operating-system' && step.step !== 'apply-data-image') return undefined;
  const { volume, destination } = step;
  if (volume === undefined || typeof destination === 'object') return undefined;
  if (step.step === 'apply-data-image' && destination !== undefined) return undefined;
  return { step, kind: step.step === 'apply-data-image' ? 'data' : 'windows', volume };
}
