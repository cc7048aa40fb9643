import type { Problem } from '../contract/errors.ts';
import type { PlatformName } from '../contract/step.ts';
import { type CheckedDocument, checkDocument } from './document.ts';
import { definitionOf, type Entry, isGroup, Sequence, type Step, titleOf } from './schema.ts';

export type LoadedSequence = { sequence?: Sequence; problems: Problem[] };

/** The names a sequence may use and the platform it will run on, where they are known. */
export type KnownContent = { images: readonly string[]; packages: readonly string[]; platform: PlatformName };

type Place = { step: Step; path: PropertyKey[]; conditional: boolean };

/** Reads a sequence, in YAML or JSON, and holds it against the schema, against what no schema can say, and against `known`. */
export function loadSequence(text: string, file: string, known?: KnownContent): LoadedSequence {
  const { value, problems, problemAt } = checkDocument(Sequence, text, file, 'SEQUENCE_INVALID');
  if (value === undefined) return { problems };
  const places = enabledSteps(value.steps, ['steps'], false);
  const found = [
    ...stepsAfterRestart(places, problemAt),
    ...(known === undefined
      ? []
      : [...unknownContent(places, known, problemAt), ...stepsElsewhere(places, known, problemAt)]),
  ];
  return found.length === 0 ? { sequence: value, problems: [] } : { problems: found };
}

/** Every step that is enabled with all the groups around it, where it stands, and whether a condition may skip it. */
function enabledSteps(entries: readonly Entry[], path: readonly PropertyKey[], conditional: boolean): Place[] {
  return [...entries.entries()].flatMap(([index, entry]) => {
    if (!entry.enabled) return [];
    const here = [...path, index];
    const maySkip = conditional || entry.condition !== undefined;
    return isGroup(entry)
      ? enabledSteps(entry.steps, [...here, 'steps'], maySkip)
      : [{ step: entry, path: here, conditional: maySkip }];
  });
}

/** A sequence is not continued after a restart, so nothing can stand behind one that is sure to happen. */
function stepsAfterRestart(places: readonly Place[], problemAt: CheckedDocument<unknown>['problemAt']): Problem[] {
  const restart = places.findIndex(({ step, conditional }) => definitionOf(step).traits.reboots && !conditional);
  if (restart < 0) return [];
  return places.slice(restart + 1).map(({ step, path }) =>
    problemAt(path, {
      code: 'SEQUENCE_STEP_AFTER_RESTART',
      message: `"${titleOf(step)}" would never run: it comes after a step that restarts the machine`,
      hint: 'Put the restart last: a sequence is not continued after a restart.',
    }),
  );
}

function stepsElsewhere(
  places: readonly Place[],
  { platform }: KnownContent,
  problemAt: CheckedDocument<unknown>['problemAt'],
): Problem[] {
  return places
    .filter(({ step }) => !definitionOf(step).traits.runsOn.includes(platform))
    .map(({ step, path }) =>
      problemAt([...path, 'step'], {
        code: 'SEQUENCE_INVALID',
        message: `"${titleOf(step)}" cannot run where this medium boots: ${platform}`,
        hint: `It runs on ${definitionOf(step).traits.runsOn.join(', ')}.`,
      }),
    );
}

function unknownContent(
  places: readonly Place[],
  known: KnownContent,
  problemAt: CheckedDocument<unknown>['problemAt'],
): Problem[] {
  return places.flatMap(({ step, path }) => {
    const needs = definitionOf(step).needs(step as never);
    return (['images', 'packages'] as const).flatMap((kind) =>
      (needs[kind] ?? [])
        .filter((name) => !known[kind].includes(name))
        .map((name) =>
          problemAt([...path, kind === 'images' ? 'image' : 'package'], {
            code: 'SEQUENCE_INVALID',
            message: `"${titleOf(step)}" uses "${name}", which is not among the ${kind} of the project`,
            hint: `The project has: ${known[kind].join(', ') || 'none'}.`,
          }),
        ),
    );
  });
}
