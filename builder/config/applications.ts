import type { Problem } from '../../runtime/contract/errors.ts';
import type { ManifestApplication } from '../../runtime/contract/manifest.ts';
import { closest } from '../../runtime/sequence/closest.ts';
import type { ProblemAt } from '../../runtime/sequence/issues.ts';
import type { Application } from './content-schema.ts';
import type { MediaFile } from './schema.ts';

/**
 * Applications with everything that must be installed before them, in the order in which that is done. What is not in
 * the project, and what depends on itself, comes back as problems at the word that names it.
 */
export function resolveApplications(
  { applications, packages }: Pick<MediaFile, 'applications' | 'packages'>,
  problemAt: ProblemAt,
): { applications: ManifestApplication[]; problems: Problem[] } {
  const byName = new Map(applications.map((application) => [application.name, application]));
  const problems = [
    ...unknownNames(applications, packages, byName, problemAt),
    ...circles(applications, byName, problemAt),
  ];
  if (problems.length > 0) return { applications: [], problems };
  const resolved = applications.map((application) => ({ ...application, dependsOn: inOrder(application, byName) }));
  return { applications: resolved, problems };
}

type ByName = ReadonlyMap<string, Application>;

function unknownNames(
  applications: readonly Application[],
  packages: readonly { name: string }[],
  byName: ByName,
  problemAt: ProblemAt,
): Problem[] {
  const packageNames = new Set(packages.map(({ name }) => name));
  const missing = (kind: string, name: string, there: Iterable<string>, path: PropertyKey[]): Problem => {
    const near = closest(name, there);
    return problemAt(path, {
      code: 'PROJECT_INVALID',
      message: `there is no ${kind} named "${name}"`,
      hint: near === undefined ? `Add it to ${kind}s.` : `Did you mean "${near}"?`,
    });
  };
  return applications.flatMap(({ package: wanted, dependsOn }, index) => [
    ...(packageNames.has(wanted) ? [] : [missing('package', wanted, packageNames, ['applications', index, 'package'])]),
    ...dependsOn.flatMap((name, at) =>
      byName.has(name) ? [] : [missing('application', name, byName.keys(), ['applications', index, 'dependsOn', at])],
    ),
  ]);
}

/** Each circle once, at the application of it that stands first in the file. */
function circles(applications: readonly Application[], byName: ByName, problemAt: ProblemAt): Problem[] {
  const told = new Set<string>();
  return applications.flatMap(({ name, dependsOn }, index) => {
    if (told.has(name)) return [];
    const found = dependsOn.entries().map(([at, first]) => ({ at, way: wayBack(name, first, byName) }));
    const circle = found.find(({ way }) => way !== undefined);
    if (circle?.way === undefined) return [];
    for (const one of circle.way) told.add(one);
    return [
      problemAt(['applications', index, 'dependsOn', circle.at], {
        code: 'PROJECT_INVALID',
        message: `"${name}" depends on itself: ${circle.way.join(' > ')}`,
        hint: 'Take one of these dependencies away.',
      }),
    ];
  });
}

function wayBack(name: string, first: string, byName: ByName): string[] | undefined {
  const ways = new Map([[first, [name, first]]]);
  for (const [at, way] of ways) {
    if (at === name) return way;
    for (const next of byName.get(at)?.dependsOn ?? []) if (!ways.has(next)) ways.set(next, [...way, next]);
  }
  return undefined;
}

/** Depth first, as the file names them: each after all that it needs itself. */
function inOrder(application: Application, byName: ByName): string[] {
  const order = new Set<string>();
  const visited = new Set([application.name]);
  const visit = ({ dependsOn }: Application): void => {
    for (const name of dependsOn) {
      const next = byName.get(name);
      if (next === undefined || visited.has(name)) continue;
      visited.add(name);
      visit(next);
      order.add(name);
    }
  };
  visit(application);
  return [...order];
}
