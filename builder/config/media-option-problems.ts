import type { Problem } from '../../runtime/contract/errors.ts';
import { closest } from '../../runtime/sequence/closest.ts';
import type { ProblemAt } from '../../runtime/sequence/issues.ts';
import type { MediaFile } from './schema.ts';
import { validityOf } from './validity.ts';

type Options = Pick<MediaFile, 'valid' | 'prestart' | 'exclude' | 'packages' | 'copyFirst' | 'outputs'>;

/** What is wrong with the options of a medium, which only the rest of the project or the clock shows. */
export function mediaOptionProblems(media: Options, problemAt: ProblemAt, now: Date): Problem[] {
  return [
    ...validityProblems(media, problemAt, now),
    ...prestartProblems(media, problemAt),
    ...copyProblems(media, problemAt),
  ];
}

function validityProblems({ valid }: Options, problemAt: ProblemAt, now: Date): Problem[] {
  if (valid === undefined) return [];
  const { from, until } = validityOf(valid);
  if (until === undefined) return [];
  const problem = (message: string, hint: string) => [
    problemAt(['valid', 'until'], { code: 'PROJECT_INVALID', message, hint }),
  ];
  if (from !== undefined && from > until)
    return problem(
      `the medium would be valid from ${from} until ${until}, which is never`,
      'Write the earlier one first.',
    );
  if (until >= now.toISOString()) return [];
  return problem(`the validity has ended ${until}: no machine would take the medium`, 'Write a later day.');
}

/** Only where nothing else is written is it wrong: another output of the project does copy. */
function copyProblems({ copyFirst, outputs }: Options, problemAt: ProblemAt): Problem[] {
  if (!copyFirst) return [];
  const severity = outputs.every(({ pxe }) => pxe !== undefined) ? 'error' : 'warning';
  return outputs.flatMap(({ pxe }, index) =>
    pxe === undefined
      ? []
      : [
          problemAt(['outputs', index, 'pxe'], {
            code: 'PROJECT_INVALID',
            severity,
            message:
              'copyFirst has no effect on a start from the network: content is read from the server until the end',
            hint: 'Leave the server and the network there until a machine is ready, or deploy from a stick.',
          }),
        ],
  );
}

function prestartProblems(media: Options, problemAt: ProblemAt): Problem[] {
  const name = media.prestart?.package;
  if (name === undefined) return [];
  const at = ['prestart', 'package'];
  if (!media.exclude.includes(name)) return unknownPackage(name, media, at, problemAt);
  const message = `"${name}" stays off the medium, so that the prestart command cannot use it`;
  return [problemAt(at, { code: 'PROJECT_INVALID', message, hint: 'Take it out of exclude.' })];
}

function unknownPackage(name: string, { packages }: Options, at: PropertyKey[], problemAt: ProblemAt): Problem[] {
  const names = packages.map((known) => known.name);
  if (names.includes(name)) return [];
  const near = closest(name, names);
  return [
    problemAt(at, {
      code: 'PROJECT_INVALID',
      message: `there is no package named "${name}"`,
      hint: near === undefined ? 'Add it to packages.' : `Did you mean "${near}"?`,
    }),
  ];
}
