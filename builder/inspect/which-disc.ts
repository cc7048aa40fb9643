import { parseDiscLabel } from '../../runtime/contract/disc.ts';
import { type Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import type { MediumFiles } from './medium-files.ts';

/**
 * Which disc of its set a medium is. Undefined for one that is whole in itself, where the files of several discs are
 * together, and where the disc itself does not say: then nothing less than everything is expected there.
 */
export async function discOf(
  { id, discs, files }: Pick<Manifest, 'id' | 'discs' | 'files'>,
  medium: MediumFiles,
): Promise<number | undefined> {
  const found = discs === undefined ? undefined : medium.find(MEDIUM_PATHS.disc);
  if (found === undefined) return undefined;
  const text = await medium.read(found.path).catch(() => Buffer.alloc(0));
  const label = parseDiscLabel(text.toString('utf8'));
  if (label === undefined || label.mediumId !== id || label.of !== discs) return undefined;
  const together = files.some(
    ({ path, disc = 1 }) => disc !== label.disc && disc > 1 && medium.find(path) !== undefined,
  );
  return together ? undefined : label.disc;
}

/** What must be on the disc, or on a medium that is whole. */
export function filesOf<File extends { disc?: number | undefined }>(
  files: readonly File[],
  disc: number | undefined,
): File[] {
  return files.filter((file) => disc === undefined || (file.disc ?? 1) === disc);
}
