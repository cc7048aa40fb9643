import { definitionOf, flattenSteps, type Sequence } from '../../runtime/sequence/schema.ts';
import type { Reference } from '../import/bundle-manifest.ts';

/** What sequences take from the medium, each thing once, by kind and name. */
export function referencesOf(sequences: readonly Sequence[]): Reference[] {
  const found = new Map<string, Reference>();
  for (const step of sequences.flatMap(({ steps }) => flattenSteps(steps))) {
    const {
      images = [],
      packages = [],
      applications = [],
      upgradePackages = [],
    } = definitionOf(step).needs(step as never);
    const lists = { image: images, package: packages, application: applications, 'upgrade-package': upgradePackages };
    for (const [kind, names] of Object.entries(lists))
      for (const name of names) found.set(`${kind} ${name}`, { kind: kind as Reference['kind'], name });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reference]) => reference);
}
