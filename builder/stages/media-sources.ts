import { basename } from 'node:path';
import type { ManifestSource } from '../../runtime/contract/manifest.ts';
import { hashBytes } from '../hash.ts';
import type { MediaPlan } from '../plan/plan.ts';

/** What a medium is built from, for whoever asks later: by the names of the project, without folders of this machine. */
export function mediaSources({ resolved, packages }: Pick<MediaPlan, 'resolved' | 'packages'>): ManifestSource[] {
  const { project, wims, upgradePackages, winpe } = resolved;
  const sourceOf = (name: string, folder: string) =>
    basename(project.packages.find((item) => item.name === name)?.source ?? folder);
  return [
    ...wims.flatMap(({ origin, fingerprint, chosen }) =>
      chosen.map(({ name }) => ({ name, file: basename(origin), fingerprint })),
    ),
    ...packages.map(({ name, folder, fingerprint }) => ({ name, file: sourceOf(name, folder), fingerprint })),
    ...upgradePackages.map(({ name, origin, fingerprint }) => ({
      name,
      file: basename(origin),
      fingerprint: hashBytes(Buffer.from(fingerprint)),
    })),
    ...(winpe === undefined
      ? []
      : [{ name: 'winpe', file: basename(winpe.options.source), fingerprint: winpe.fingerprint }]),
  ];
}
