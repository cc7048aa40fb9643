import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { cachedFolder } from '../cached-folder.ts';
import { unpackTarball } from './tar.ts';

/** One published version of a package, to the byte. */
export type NpmPackage = {
  name: string;
  version: string;
  /** As the registry gives it: `sha512-` and the hash of the archive in base64. */
  integrity: string;
};

/**
 * The folder of a package, fetched and unpacked at the first call and kept below `folder`: a second call needs no
 * network. It is npm that fetches, so its settings (registry, proxy) are obeyed; nothing of the package is run.
 *
 * Throws `TOOL_FAILED` when it cannot be had, `SOURCE_INVALID` when it is not the archive that `integrity` names.
 */
export async function fetchNpmPackage(wanted: NpmPackage, folder: string, exec: Exec): Promise<string> {
  const place = npmPackageFolder(wanted, folder);
  await cachedFolder(place, async (temporary) => {
    await packed(wanted, temporary, exec);
    const archive = await onlyArchive(wanted, temporary);
    refuseWrongIntegrity(wanted, await readFile(archive));
    await unpackTarball(archive, temporary, exec);
    await rm(archive);
  });
  return place;
}

/** Where the package is, or will be, unpacked. Another integrity is another folder. */
export function npmPackageFolder({ name, version, integrity }: NpmPackage, folder: string): string {
  const mark = createHash('sha256').update(integrity).digest('hex').slice(0, 12);
  return join(folder, `${name.replace('/', '+')}@${version}-${mark}`);
}

/** Without a network npm would try for minutes. */
const IMPATIENT = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

export function npmPackArgv({ name, version }: NpmPackage, destination: string): Argv {
  return ['npm', 'pack', `${name}@${version}`, '--pack-destination', destination, '--ignore-scripts', ...IMPATIENT];
}

async function packed(wanted: NpmPackage, destination: string, exec: Exec): Promise<void> {
  try {
    await exec(npmPackArgv(wanted, destination));
  } catch (cause) {
    if (!(cause instanceof MediasmithError) || cause.code !== 'TOOL_FAILED') throw cause;
    throw new MediasmithError('TOOL_FAILED', `cannot fetch the npm package ${wanted.name}@${wanted.version}`, {
      hint: 'The first time needs a network that reaches the npm registry ("npm ping" tells); later builds work without.',
      lines: cause.lines,
      cause,
    });
  }
}

async function onlyArchive({ name, version }: NpmPackage, folder: string): Promise<string> {
  const [archive, ...more] = await readdir(folder);
  if (archive === undefined || more.length > 0) throw new Error(`npm pack ${name}@${version} left not one file`);
  return join(folder, archive);
}

function refuseWrongIntegrity({ name, version, integrity }: NpmPackage, archive: Buffer): void {
  const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (found === integrity) return;
  throw new MediasmithError('SOURCE_INVALID', `the npm package ${name}@${version} is not the one that was published`, {
    lines: [`wanted ${integrity}`, `found  ${found}`],
    hint: 'Run "npm cache clean --force" and try again; if it stays so, ask whoever runs the registry npm is set to.',
  });
}
