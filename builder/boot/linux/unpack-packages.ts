import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import { exists } from '../../../runtime/host/exists.ts';
import { cachedFolder, contentKey } from '../../cached-folder.ts';
import { extractDeb } from '../../tools/dpkg-deb.ts';
import { collectNotices } from './licences.ts';
import type { Resolution } from './resolve-packages.ts';

/** The unpacked packages, as a Debian root nothing was installed in. */
export type UnpackedPackages = {
  key: string;
  root: string;
  kernelRelease: string;
  packagesFile: string;
  licencesFolder: string;
};

const RECIPE = 1;

/** Where the packages of a resolution are, or will be, unpacked. */
export function unpackedPackages(folder: string, resolution: Resolution): UnpackedPackages {
  const key = contentKey([RECIPE, resolution.packages]);
  const place = join(folder, 'packages', key);
  return {
    key,
    root: join(place, 'root'),
    kernelRelease: resolution.kernelPackage.replace('linux-image-', ''),
    packagesFile: join(place, 'packages.json'),
    licencesFolder: join(place, 'licences'),
  };
}

export function arePackagesUnpacked(packages: UnpackedPackages): Promise<boolean> {
  return exists(packages.root);
}

/** Unpacks the packages in `downloads` and lists them with their licences. */
export async function unpackPackages(
  folder: string,
  { resolution, downloads }: { resolution: Resolution; downloads: string },
  exec: Exec,
): Promise<void> {
  await cachedFolder(join(folder, 'packages', unpackedPackages(folder, resolution).key), async (temporary) => {
    const root = join(temporary, 'root');
    await mkdir(root);
    for (const { file } of resolution.packages) await extractDeb(join(downloads, file), root, exec);
    const notices = await collectNotices(root, resolution, join(temporary, 'licences'));
    await writeFile(join(temporary, 'packages.json'), `${JSON.stringify(notices, null, 2)}\n`);
  });
}
