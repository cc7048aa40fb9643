import { cp, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';
import { exists } from '../../../runtime/host/exists.ts';
import { walk } from '../../walk.ts';
import { PXE_PATHS } from './paths.ts';

/**
 * Refuses a place for a PXE tree where there is something else than an earlier one: `PROJECT_INVALID`. What is there
 * would be gone after the build.
 */
export async function refuseForeignFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (found.isDirectory()) {
    const parent = await stat(dirname(path));
    if (parent.dev !== found.dev || parent.ino === found.ino) throw cannotReplace(path);
    if ((await readdir(path)).length === 0) return;
    if (await exists(join(path, MEDIUM_PATHS.manifest))) return;
  }
  throw new MediasmithError('PROJECT_INVALID', `${path} is there and is no medium`, {
    where: path,
    hint: 'A PXE tree replaces the whole folder: name another one, or empty this one.',
  });
}

function cannotReplace(path: string): MediasmithError {
  return new MediasmithError('PROJECT_INVALID', `${path} is a mount point, which cannot be replaced`, {
    where: path,
    hint: 'A PXE tree replaces the whole folder: name a folder below it.',
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Gives a finished tree its name. What an administrator has put into the earlier one goes along, and a text that was
 * changed there stays beside the new one as `<name>.previous`. The earlier tree goes into `aside`, a folder on the same
 * file system that is removed later.
 */
export async function replaceFolder(finished: string, path: string, aside: string): Promise<void> {
  await carryOver(path, finished);
  const earlier = join(aside, 'earlier');
  const moved = await rename(path, earlier).then(
    () => true,
    (error) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
  try {
    await rename(finished, path);
  } catch (error) {
    if (moved) await rename(earlier, path);
    throw error;
  }
}

const OPEN_TEXTS: readonly string[] = [
  PXE_PATHS.dnsmasq,
  PXE_PATHS.nginx,
  PXE_PATHS.caddy,
  PXE_PATHS.readme,
  PXE_PATHS.grubConfig,
  PXE_PATHS.ipxeScript,
  PXE_PATHS.winpeNetwork,
];

async function carryOver(earlier: string, finished: string): Promise<void> {
  const listed = await listedFiles(earlier);
  if (listed === undefined) return;
  for await (const entry of walk(earlier)) {
    const from = join(entry.parentPath, entry.name);
    const name = relative(earlier, from);
    if (entry.isDirectory() || listed.has(name)) continue;
    const to = OPEN_TEXTS.includes(name) ? `${name}.previous` : name;
    const there = await readFile(join(finished, name)).catch(() => undefined);
    if (OPEN_TEXTS.includes(name) ? there?.equals(await readFile(from)) : there !== undefined) continue;
    await mkdir(dirname(join(finished, to)), { recursive: true });
    await cp(from, join(finished, to), { verbatimSymlinks: true, preserveTimestamps: true });
  }
}

/** What the build had put into an earlier tree; undefined where there is none. */
async function listedFiles(folder: string): Promise<Set<string> | undefined> {
  const text = await readFile(join(folder, MEDIUM_PATHS.manifest), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const paths = [...text.matchAll(/"path":\s*"([^"]+)"/g)].map(([, path]) => String(path));
  return new Set([...paths, MEDIUM_PATHS.manifest, MEDIUM_PATHS.manifestDigest, MEDIUM_PATHS.manifestSignature]);
}
