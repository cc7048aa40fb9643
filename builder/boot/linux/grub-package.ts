import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PackageNotice } from '../package-notice.ts';
import { type PackagesOptions, preparePackages } from './prepare-packages.ts';

/** GRUB for a BIOS, for media whose boot environment is not made of Debian's packages. */
export type GrubPackage = {
  /** The unpacked packages. */
  root: string;
  /** The one whose files go onto a medium. */
  notice: PackageNotice;
  licence: string;
};

const NAME = 'grub-pc-bin';

/** GRUB out of the packages of the Linux boot environment, which is not made for it. */
export async function prepareGrub(options: PackagesOptions): Promise<GrubPackage> {
  const { root, packagesFile, licencesFolder } = await preparePackages(options);
  const notices = z.array(PackageNotice).parse(JSON.parse(await readFile(packagesFile, 'utf8')));
  const notice = notices.find(({ name }) => name === NAME);
  if (notice === undefined) throw new Error(`${NAME} is not among the packages`);
  return { root, notice, licence: join(licencesFolder, `${NAME}.txt`) };
}
