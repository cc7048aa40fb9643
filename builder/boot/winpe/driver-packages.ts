import { MICROSOFT_ARCHITECTURES } from '../../../runtime/contract/architecture.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { readInfs } from '../../driver-infs.ts';
import { readPackageFolder } from '../../package-folder.ts';
import type { WindowsArchitecture } from './windows-packages.ts';

/** A folder with drivers, and the name of its folder in the boot image. */
export type DriverPackage = { name: string; folder: string };

/**
 * Checks that every package has a driver for the architecture of the boot image. Drivers for others may lie beside it.
 * Throws `SOURCE_INVALID` for one without an INF, `DRIVER_WRONG_ARCHITECTURE`, and what {@link readPackageFolder} throws.
 */
export async function checkDriverPackages(
  packages: readonly DriverPackage[],
  architecture: WindowsArchitecture,
): Promise<void> {
  refuseSameNames(packages);
  for (const { name, folder } of packages) {
    await readPackageFolder(name, folder);
    const infs = await readInfs(folder);
    if (infs.length === 0) {
      throw new MediasmithError('SOURCE_INVALID', `driver package "${name}": there is no INF in ${folder}`, {
        where: folder,
        hint: 'Unpack the driver first: Windows PE loads it by its .inf file.',
      });
    }
    if (infs.some((inf) => inf.architectures.includes(MICROSOFT_ARCHITECTURES[architecture]))) continue;
    throw new MediasmithError(
      'DRIVER_WRONG_ARCHITECTURE',
      `driver package "${name}" has no driver for ${architecture}`,
      {
        where: folder,
        lines: infs.map(({ path, architectures }) => `${path}: ${architectures.join(', ') || 'no driver'}`),
        hint: `Give the ${architecture} driver (${MICROSOFT_ARCHITECTURES[architecture]} in an INF): WinPE loads no other.`,
      },
    );
  }
}

/** Two names that differ in case only are one folder in Windows. */
function refuseSameNames(packages: readonly DriverPackage[]): void {
  const seen = new Set<string>();
  for (const { name, folder } of packages) {
    const key = name.toLowerCase();
    if (seen.has(key)) {
      throw new MediasmithError('SOURCE_INVALID', `two driver packages have the name "${name}"`, {
        where: folder,
        hint: 'Give each a name of its own.',
      });
    }
    seen.add(key);
  }
}
