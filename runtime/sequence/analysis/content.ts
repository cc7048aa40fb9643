import type { Problem } from '../../contract/errors.ts';
import { closest } from '../closest.ts';
import { definitionOf, type Step, titleOf } from '../schema.ts';
import type { Path, Place, ProblemAt } from './places.ts';

const KINDS = {
  images: 'images',
  packages: 'packages',
  applications: 'applications',
  upgradePackages: 'upgrade packages',
} as const;
type Kind = keyof typeof KINDS;

/** Content that steps take from the medium and that the project does not have. A name that a variable gives may be any. */
export function unknownContent(
  steps: readonly Place<Step>[],
  problemAt: ProblemAt,
  known: Readonly<Record<Kind, readonly string[]>>,
): Problem[] {
  const names = new Map(Object.keys(KINDS).map((kind) => [kind, new Set(known[kind as Kind])]));
  return steps.flatMap(({ entry, path }) => {
    const needs = definitionOf(entry).needs(entry as never);
    return (Object.keys(KINDS) as Kind[]).flatMap((kind) =>
      (needs[kind] ?? [])
        .filter((name) => !names.get(kind)?.has(name) && !name.includes('%'))
        .map((name) => {
          const near = closest(name, known[kind]);
          return problemAt(placeOf(name, entry, path), {
            code: 'SEQUENCE_INVALID',
            message: `"${titleOf(entry)}" uses "${name}", which is not among the ${KINDS[kind]} of the project`,
            hint:
              near === undefined ? `The project has: ${known[kind].join(', ') || 'none'}.` : `Did you mean "${near}"?`,
          });
        }),
    );
  });
}

/** The option that holds the name, or the step. */
function placeOf(name: string, step: Step, path: Path): Path {
  for (const [key, value] of Object.entries(step)) {
    if (key === 'name' || key === 'description') continue;
    if (value === name) return [...path, key];
    const index = Array.isArray(value) ? value.indexOf(name) : -1;
    if (index >= 0) return [...path, key, index];
  }
  return path;
}
