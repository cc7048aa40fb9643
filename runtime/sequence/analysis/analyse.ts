import type { Problem } from '../../contract/errors.ts';
import { type PlatformName, placedProblem } from '../../contract/step.ts';
import { logShareProblems } from '../log-share.ts';
import type { Step } from '../schema.ts';
import { definitionOf, type Sequence, titleOf } from '../schema.ts';
import { childProblems, type Unread } from './child-problems.ts';
import { unknownContent } from './content.ts';
import { disksThatCannotStart } from './disk-start.ts';
import { misplacedSteps } from './flow.ts';
import { enabledPlaces, type Place, type ProblemAt, stepsOf } from './places.ts';
import { unsetVariables } from './variables.ts';
import { setForNothing } from './without-effect.ts';

/** What a sequence may rely on: the project it belongs to. */
export type KnownContent = {
  /** What the medium boots. */
  platform: Exclude<PlatformName, 'windows'>;
  images: readonly string[];
  packages: readonly string[];
  applications: readonly string[];
  upgradePackages: readonly string[];
  /** Names that the medium and its machines file give a value. */
  variables: readonly string[];
  /** The sequences of the project by their ids; undefined where nothing is known of them. */
  sequences: ReadonlyMap<string, Sequence> | undefined;
  /** Those of the project that could not be read. */
  unread?: Unread;
};

/**
 * What only the whole of a sequence shows, in time linear in its steps. Without `known` nothing is said of content and
 * children, and of the variables only what the sequence alone shows.
 */
export function analyseSequence(sequence: Sequence, problemAt: ProblemAt, known?: KnownContent): Problem[] {
  const places = enabledPlaces(sequence.steps);
  const steps = stepsOf(places);
  const children = childProblems(sequence, steps, problemAt, known?.sequences, known?.unread);
  const found = [
    ...contradictions(steps, problemAt),
    ...logShareProblems(sequence).map(([field, message]) =>
      problemAt([field], { code: 'SEQUENCE_INVALID', message: `${field}: ${message}` }),
    ),
    ...children,
    // Through a circle of children there is no way to follow.
    ...(children.length > 0
      ? []
      : [...misplacedSteps(sequence, problemAt, known), ...disksThatCannotStart(sequence, problemAt, known)]),
    ...(known === undefined ? [] : unknownContent(steps, problemAt, known)),
    ...unsetVariables(sequence, places, problemAt, known),
    ...setForNothing(steps, problemAt),
  ];
  return found.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Options that are right one by one and wrong together. */
function contradictions(steps: readonly Place<Step>[], problemAt: ProblemAt): Problem[] {
  return steps.flatMap(({ entry, path }) =>
    definitionOf(entry)
      .problems(entry as never)
      .map(placedProblem)
      .map(({ path: within, message }) =>
        problemAt([...path, ...within], { code: 'SEQUENCE_INVALID', message: `"${titleOf(entry)}": ${message}` }),
      ),
  );
}
