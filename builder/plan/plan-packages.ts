import { definitionOf, flattenSteps, titleOf } from '../../runtime/sequence/schema.ts';
import type { PackageFolder } from '../package-folder.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';

/**
 * What goes into content.wim: all packages but those that only the boot environment uses, which are inside it, and those
 * that are to stay off the medium.
 */
export function contentPackages({ project, packages, winpe }: ResolvedProject): PackageFolder[] {
  const steps = project.sequences.flatMap(({ sequence }) => flattenSteps(sequence.steps));
  const used = new Set([
    ...steps.flatMap((step) => definitionOf(step).needs(step as never).packages ?? []),
    ...project.applications.map((application) => application.package),
    project.prestart?.package,
  ]);
  const boot = new Set(winpe?.drivers.map(({ name }) => name));
  const excluded = new Set(project.exclude);
  return packages.filter(({ name }) => !excluded.has(name) && (used.has(name) || !boot.has(name)));
}

/** What stays off the medium, and what will be missed of it: packages only, a line for each. */
export function excludedNotes({ project, packages }: ResolvedProject): string[] {
  return project.exclude.map((name) => {
    if (packages.every((known) => known.name !== name)) return `"${name}" stays off the medium`;
    const applications = project.applications.filter((application) => application.package === name);
    const missed = [
      ...project.sequences.flatMap(({ sequence }) => stepsThatNeed(name, applications, sequence)),
      ...applications.map((application) => `the application "${application.name}"`),
    ];
    const by = missed.length === 0 ? 'nothing on it asks for it' : `it will be missed by ${missed.join(', ')}`;
    return `package "${name}" stays off the medium: ${by}`;
  });
}

type Project = ResolvedProject['project'];

function stepsThatNeed(
  name: string,
  applications: Project['applications'],
  { id, steps }: Project['sequences'][number]['sequence'],
): string[] {
  return flattenSteps(steps).flatMap((step) => {
    const needs = definitionOf(step).needs(step as never);
    const through = applications.some((application) => needs.applications?.includes(application.name));
    return through || needs.packages?.includes(name) ? [`"${titleOf(step)}" of ${id}`] : [];
  });
}
