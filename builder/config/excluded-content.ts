import type { Problem } from '../../runtime/contract/errors.ts';
import type { ManifestApplication } from '../../runtime/contract/manifest.ts';
import { closest } from '../../runtime/sequence/closest.ts';
import type { ProblemAt } from '../../runtime/sequence/issues.ts';
import { definitionOf, type Entry, isGroup, type Step, titleOf } from '../../runtime/sequence/schema.ts';
import type { ProjectSequence } from './read-sequences.ts';
import type { MediaFile } from './schema.ts';

const KINDS = { images: 'image', applications: 'application', upgradePackages: 'upgrade package' } as const;
const LISTS = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** Names in `exclude` that nothing of the project has. */
export function unknownExcluded(media: MediaFile, problemAt: ProblemAt): Problem[] {
  const names = [...LISTS, 'packages' as const].flatMap((list) => media[list].map(({ name }) => name));
  return media.exclude.flatMap((name, index) => {
    if (names.includes(name)) return [];
    const near = closest(name, names);
    const message = `there is no package, image, application or upgrade package named "${name}"`;
    const hint = near === undefined ? 'Take it out of exclude.' : `Did you mean "${near}"?`;
    return [problemAt(['exclude', index], { code: 'PROJECT_INVALID', message, hint })];
  });
}

/**
 * Images, applications and upgrade packages that stay off the medium although something on it needs them. A package may be
 * missed: it can be on the machine already.
 */
export function neededExcluded(
  media: MediaFile,
  sequences: readonly ProjectSequence[],
  applications: readonly ManifestApplication[],
  problemAt: ProblemAt,
): Problem[] {
  return media.exclude.flatMap((name, index) =>
    LISTS.filter((list) => media[list].some((item) => item.name === name)).flatMap((list) => {
      const needing = [
        ...sequences.flatMap(({ sequence: { id, steps } }) =>
          enabledSteps(steps)
            .filter((step) =>
              definitionOf(step)
                .needs(step as never)
                [list]?.includes(name),
            )
            .map((step) => `"${titleOf(step)}" of ${id}`),
        ),
        ...(list === 'applications' ? dependingOn(name, media, applications) : []),
      ];
      if (needing.length === 0) return [];
      const message = `the ${KINDS[list]} "${name}" stays off the medium, and is needed by ${needing.join(', ')}`;
      const hint = 'Take it out of exclude, or out of what needs it.';
      return [problemAt(['exclude', index], { code: 'PROJECT_INVALID', message, hint })];
    }),
  );
}

/** What is left of a project's content but its packages, which the plan leaves off: a driver of the boot image may be one. */
export function withoutExcluded(
  { exclude, images, upgradePackages }: MediaFile,
  applications: readonly ManifestApplication[],
): { images: MediaFile['images']; upgradePackages: MediaFile['upgradePackages']; applications: ManifestApplication[] } {
  const stays = ({ name }: { name: string }): boolean => !exclude.includes(name);
  return {
    images: images.filter(stays),
    upgradePackages: upgradePackages.filter(stays),
    applications: applications.filter(stays),
  };
}

function dependingOn(name: string, { exclude }: MediaFile, applications: readonly ManifestApplication[]): string[] {
  return applications
    .filter((application) => application.dependsOn.includes(name) && !exclude.includes(application.name))
    .map((application) => `the application "${application.name}"`);
}

function enabledSteps(entries: readonly Entry[]): Step[] {
  return entries.flatMap((entry) => {
    if (!entry.enabled) return [];
    return isGroup(entry) ? enabledSteps(entry.steps) : [entry];
  });
}
