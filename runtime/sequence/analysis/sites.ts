import { type Entry, isGroup, type Sequence, type Step } from '../schema.ts';
import { mayBePassedOver } from './may-be-passed-over.ts';
import { childOf, type Path } from './places.ts';

/** A step, where it stands in the document, or the step that runs its child, and what may leave it out. */
export type Site = { step: Step; path: Path; child: string | undefined; conditional: readonly Entry[] };

/** Every step that is enabled, in order, those of children in the place of the step that runs them. */
export function sitesOf(
  steps: readonly Entry[],
  sequences: ReadonlyMap<string, Pick<Sequence, 'steps'>>,
): Generator<Site> {
  return sitesIn(steps, ['steps'], [], { sequences, open: [] });
}

type Children = { sequences: ReadonlyMap<string, Pick<Sequence, 'steps'>>; open: readonly string[] };

function* sitesIn(
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
      yield* sitesIn(entry.steps, [...here, 'steps'], conditional, children);
      continue;
    }
    const child = childOf(entry);
    const sequence = child === undefined || children.open.includes(child) ? undefined : children.sequences.get(child);
    if (child === undefined || sequence === undefined)
      yield { step: entry, path: here, child: children.open.at(-1), conditional };
    else yield* sitesIn(sequence.steps, [], conditional, { ...children, open: [...children.open, child], at: here });
  }
}
