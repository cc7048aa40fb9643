import type { Manifest } from '../contract/manifest.ts';
import type { Sequence, Step } from '../sequence/schema.ts';
import { numberSteps } from './number-steps.ts';
import { neededBy } from './runner.ts';

/** The files of the medium that the steps of a sequence may take something from; of a split one its first part. Pure. */
export function neededFiles({ steps }: Sequence, manifest: Manifest): ReadonlySet<string> {
  return filesNeededBy(numberSteps(steps).steps.keys(), manifest);
}

/** The same for some of the steps. */
export function filesNeededBy(steps: Iterable<Step>, manifest: Manifest): ReadonlySet<string> {
  const needs = neededBy(steps);
  const applications = namedIn(manifest.applications, needs.applications);
  const before = applications.flatMap(({ dependsOn }) => dependsOn);
  const all = [...applications, ...manifest.applications.filter(({ name }) => before.includes(name))];
  const packages = [...needs.packages, ...all.map((application) => application.package)];
  const folders = namedIn(manifest.upgradePackages, needs.upgradePackages).map(({ folder }) => `${folder}/`);
  return new Set([
    ...namedIn(manifest.images, needs.images).map(({ file }) => file),
    ...namedIn(manifest.packages, packages).map(({ file }) => file),
    ...manifest.files.map(({ path }) => path).filter((path) => folders.some((folder) => path.startsWith(folder))),
    ...(needs.windowsRuntime ? manifest.windowsRuntimes.map(({ file }) => file) : []),
  ]);
}

/** A name that only a variable will tell may be any. */
function namedIn<Named extends { name: string }>(list: readonly Named[], names: readonly string[]): readonly Named[] {
  const known = names.every((wanted) => list.some(({ name }) => name === wanted));
  return list.filter(({ name }) => !known || names.includes(name));
}
