import { readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { infArchitectures } from '../drivers/inf-architectures.ts';
import type { InfArchitecture } from '../drivers/inf-target-os.ts';
import { parseInf } from '../drivers/inf-text.ts';
import { infVersion } from '../drivers/inf-version.ts';
import type { ManifestDrivers } from '../runtime/contract/manifest.ts';
import { walk } from './walk.ts';

/** An INF in a folder; without architectures it installs no driver. */
export type DriverInf = { path: string; architectures: InfArchitecture[]; class: string | undefined };

/** The largest of Windows' own has less than 1 MB; what is larger than this only has the name of one, and is not read. */
const LARGEST_INF_BYTES = 16 * 1024 ** 2;
/** Windows' own limit, MAX_CLASS_NAME_LEN. */
const LONGEST_CLASS = 32;

/** The INF files of a folder, sorted by their paths in it. */
export async function readInfs(folder: string): Promise<DriverInf[]> {
  const paths: string[] = [];
  for await (const entry of walk(folder))
    if (entry.isFile() && /\.inf$/i.test(entry.name)) paths.push(relative(folder, join(entry.parentPath, entry.name)));
  const infs: DriverInf[] = [];
  for (const path of paths.sort()) {
    infs.push({ path, ...(await readInf(join(folder, path))) });
  }
  return infs;
}

async function readInf(file: string): Promise<Omit<DriverInf, 'path'>> {
  if ((await stat(file)).size > LARGEST_INF_BYTES) return { architectures: [], class: undefined };
  const inf = parseInf(await readFile(file));
  const name = infVersion(inf).class;
  return {
    architectures: infArchitectures(inf),
    class: name === undefined || name.length > LONGEST_CLASS ? undefined : name,
  };
}

/** What drivers a folder has; undefined for one without any. */
export async function driversIn(folder: string): Promise<ManifestDrivers | undefined> {
  const infs = (await readInfs(folder)).filter(({ architectures }) => architectures.length > 0);
  if (infs.length === 0) return undefined;
  const sorted = <T extends string>(values: readonly T[]): T[] => [...new Set(values)].sort();
  return {
    infs: infs.length,
    classes: sorted(infs.flatMap((inf) => inf.class ?? [])),
    architectures: sorted(infs.flatMap(({ architectures }) => architectures)),
  };
}
