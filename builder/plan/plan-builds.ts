import type { ResolvedProject } from '../resolve/resolved-project.ts';

/**
 * A line where WinPE is older than a Windows it is to apply. DISM services images that are as new as it is or older; a newer
 * one it may apply, and nobody vouches for that.
 */
export function olderWinpeNotes({ wims, winpe }: Pick<ResolvedProject, 'wims' | 'winpe'>): string[] {
  const own = winpe?.image.windows?.version ?? '';
  const build = buildOf(own);
  if (build === undefined) return [];
  const newer = wims
    .flatMap(({ chosen }) => chosen)
    .flatMap(({ name, image }) => ({ name, version: image.windows?.version ?? '' }))
    .filter(({ version }) => isNewer(buildOf(version), build));
  return [...Map.groupBy(newer, ({ version }) => version)].map(
    ([version, images]) =>
      `the boot image has Windows ${own}, which is older than ${version} of ${images.map(({ name }) => `"${name}"`).join(', ')}: ` +
      'its DISM may not apply that, or add drivers to it. Take a boot image of the same build or a newer one',
  );
}

type Build = readonly [major: number, minor: number, build: number];

/** Revisions come with updates and change nothing about which image can be serviced. */
function buildOf(version: string): Build | undefined {
  const [, major, minor, build] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return build === undefined ? undefined : [Number(major), Number(minor), Number(build)];
}

function isNewer(one: Build | undefined, than: Build): boolean {
  if (one === undefined) return false;
  const different = one.findIndex((part, index) => part !== than[index]);
  return different >= 0 && (one[different] ?? 0) > (than[different] ?? 0);
}
