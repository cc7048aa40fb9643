import { z } from 'zod';
import { type Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import type { MediumFiles } from './medium-files.ts';

const Facts = z.object({ architecture: z.enum(['x64', 'arm64']) });

/** What the medium says its boot image is for; undefined for another boot environment, and where that cannot be read. */
export async function winpeArchitecture(
  medium: MediumFiles,
  { bootEnvironment }: Pick<Manifest, 'bootEnvironment'>,
): Promise<'x64' | 'arm64' | undefined> {
  const file = medium.find(MEDIUM_PATHS.bootPackages);
  if (bootEnvironment !== 'winpe' || file === undefined) return undefined;
  try {
    return Facts.parse(JSON.parse((await medium.read(file.path)).toString())).architecture;
  } catch {
    return undefined;
  }
}
