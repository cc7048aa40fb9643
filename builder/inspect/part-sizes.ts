import { liesOnBootVolume, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import type { MediumFile } from './medium-files.ts';

const PARTS = ['images', 'packages', 'upgradePackages', 'bootEnvironment', 'rest'] as const;
export type Part = (typeof PARTS)[number];

/** What a part of a medium takes on it. */
export type PartSize = { part: Part; files: number; bytes: number };

/** The sums of the parts that have files, the largest first. The rest: sequences, the runtime, manifest, licences. */
export function partSizes(files: readonly MediumFile[]): PartSize[] {
  const groups = Map.groupBy(files, ({ path }) => partOf(path));
  return [...groups]
    .map(([part, own]) => ({ part, files: own.length, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) }))
    .sort((a, b) => b.bytes - a.bytes || PARTS.indexOf(a.part) - PARTS.indexOf(b.part));
}

function partOf(path: string): Part {
  if (path.startsWith(`${MEDIUM_PATHS.images}/`)) return 'images';
  if (path.startsWith(`${MEDIUM_PATHS.upgrade}/`)) return 'upgradePackages';
  if (/^mediasmith\/content\d*\.(wim|swm)$/.test(path)) return 'packages';
  return liesOnBootVolume(path) ? 'bootEnvironment' : 'rest';
}
