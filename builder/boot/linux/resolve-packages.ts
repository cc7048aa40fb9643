import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { exists } from '../../../runtime/host/exists.ts';
import { hashFile } from '../../hash.ts';
import { refuseWithoutSpace } from '../../space.ts';
import { type Apt, downloadPackages, openApt, packageRecord, updateLists } from '../../tools/apt.ts';
import { debFields } from '../../tools/dpkg-deb.ts';
import { DEBIAN_KEYRINGS, DEBIAN_PACKAGES, DEBIAN_SOURCES, KERNEL_METAPACKAGE } from './debian-packages.ts';

/** The packages of one boot environment, to the byte. Kept in the cache: the next build needs no network. */
export const Resolution = z.object({
  wanted: z.array(z.string()).describe('What was asked for; another list of packages needs another resolution'),
  kernelPackage: z.string(),
  packages: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      source: z.string(),
      sourceVersion: z.string(),
      sha256: z.string(),
      file: z.string().describe('The name of the .deb'),
    }),
  ),
});
export type Resolution = z.infer<typeof Resolution>;

/** What was resolved before and is still what is wanted. */
export async function rememberedResolution(folder: string): Promise<Resolution | undefined> {
  const file = resolutionFile(folder);
  if (!(await exists(file))) return undefined;
  const remembered = Resolution.safeParse(parseJson(await readFile(file, 'utf8')));
  return remembered.success && String(remembered.data.wanted) === String(wantedPackages())
    ? remembered.data
    : undefined;
}

/** Undefined for text that is no JSON: a file that was damaged is as good as none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Package lists, the packages, and what is made of them: apt does not end where the file system becomes full. */
const NEEDED_BYTES = 400 * 1024 ** 2;

/**
 * Asks Debian for the newest version of every package, downloads them into `downloads` and remembers what they were. All
 * else lies in `workspace`: apt lets nobody else into its folders meanwhile.
 * Throws `TOOL_FAILED` without a network, `TOOL_MISSING` without apt or the release's keys, `NO_SPACE`.
 */
export async function resolvePackages(
  folder: string,
  { workspace, downloads }: { workspace: string; downloads: string },
  exec: Exec,
): Promise<Resolution> {
  await refuseWithoutSpace([{ folder, bytes: NEEDED_BYTES }]);
  const apt = await openApt({
    folder: join(workspace, 'apt'),
    sources: DEBIAN_SOURCES,
    keyrings: await presentKeyrings(),
    exec,
  });
  await mkdir(downloads);
  const kernelPackage = await download(apt, downloads);
  const packages = [];
  for (const file of (await readdir(downloads)).sort()) {
    const deb = join(downloads, file);
    packages.push({ ...(await debFields(deb, exec)), sha256: await hashFile(deb), file });
  }
  const resolution = { wanted: wantedPackages(), kernelPackage, packages };
  const made = join(workspace, 'resolution.json');
  await writeFile(made, `${JSON.stringify(resolution, null, 2)}\n`);
  await rename(made, resolutionFile(folder));
  return resolution;
}

async function download(apt: Apt, downloads: string): Promise<string> {
  try {
    await updateLists(apt);
    const kernelPackage = kernelOf(await packageRecord(apt, KERNEL_METAPACKAGE));
    await downloadPackages(apt, [kernelPackage, ...DEBIAN_PACKAGES], downloads);
    return kernelPackage;
  } catch (cause) {
    if (!(cause instanceof MediasmithError) || cause.code !== 'TOOL_FAILED') throw cause;
    throw new MediasmithError('TOOL_FAILED', 'cannot fetch the Debian 13 packages of the boot environment', {
      hint: 'The first build needs a network that reaches deb.debian.org and security.debian.org (http_proxy is obeyed); later builds work without.',
      lines: cause.lines,
      cause,
    });
  }
}

/** The kernel's own package, out of the record of the package that always depends on the newest. */
export function kernelOf(record: string): string {
  const match = /^Depends:.*\b(linux-image-\d\S*)/m.exec(record);
  if (match?.[1] === undefined) throw new Error(`no kernel in the record of ${KERNEL_METAPACKAGE}: ${record}`);
  return match[1];
}

async function presentKeyrings(): Promise<string[]> {
  const present = [];
  for (const keyring of DEBIAN_KEYRINGS) if (await exists(keyring)) present.push(keyring);
  if (present.length > 0) return present;
  throw new MediasmithError('TOOL_MISSING', "Debian's keys are not here, so its packages cannot be checked", {
    where: DEBIAN_KEYRINGS[0] ?? '',
    hint: 'Install the package debian-archive-keyring.',
  });
}

function wantedPackages(): string[] {
  return [KERNEL_METAPACKAGE, ...DEBIAN_PACKAGES];
}

function resolutionFile(folder: string): string {
  return join(folder, 'resolution.json');
}
