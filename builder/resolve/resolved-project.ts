import type { ResolvedWinpe } from '../boot/winpe/resolved-winpe.ts';
import type { MediaProject } from '../config/load.ts';
import type { PackageFolder } from '../package-folder.ts';
import type { WimSource } from './resolve-images.ts';
import type { UpgradeSource } from './resolve-upgrade-packages.ts';

/** A project with what its sources say: indexes, sizes, fingerprints. Nothing but the cache has been written. */
export type ResolvedProject = {
  project: MediaProject;
  wims: WimSource[];
  packages: PackageFolder[];
  upgradePackages: UpgradeSource[];
  winpe: ResolvedWinpe | undefined;
};
