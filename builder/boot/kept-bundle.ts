import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { contentKey, keepNewest, markUsed } from '../cached-folder.ts';
import { hashBytes } from '../hash.ts';
import { identityOf } from '../source-memory.ts';
import { type Bundle, type BundleOptions, bundleForNode } from '../tools/esbuild.ts';

const Kept = z.object({
  /** Each with what tells it from every other file and from itself at another time. */
  inputs: z.record(z.string(), z.string()),
  program: z.string(),
  sha256: z.string(),
});
type Kept = z.infer<typeof Kept>;

/** So much a file system's times may lag behind: one tick of the kernel's clock. */
const CLOCK_MILLISECONDS = 10;
/** Two programs each of a few projects. */
const MOST = 8;

/**
 * {@link bundleForNode}, for as long as none of its files changes kept in the cache: it takes a third of a second of every
 * build. A cache that cannot be used costs that time and nothing else.
 */
export async function keptBundle(options: BundleOptions, cacheFolder: string): Promise<Uint8Array> {
  const folder = join(cacheFolder, 'bundles');
  const file = join(folder, `${contentKey(options)}.json`);
  const kept = parse(await readFile(file, 'utf8').catch(() => '{}'));
  if (kept !== undefined && (await isSame(kept))) {
    await markUsed(file);
    return Buffer.from(kept.program);
  }
  const begun = Date.now();
  const bundle = await bundleForNode(options);
  await keep(bundle, begun, file).catch(() => undefined);
  await keepNewest(folder, MOST);
  return bundle.program;
}

function parse(text: string): Kept | undefined {
  try {
    const kept = Kept.parse(JSON.parse(text));
    return hashBytes(Buffer.from(kept.program)) === kept.sha256 ? kept : undefined;
  } catch {
    return undefined;
  }
}

async function isSame({ inputs }: Kept): Promise<boolean> {
  const same = await Promise.all(
    Object.entries(inputs).map(async ([path, identity]) => (await identityOf(path).catch(() => '')) === identity),
  );
  return same.every(Boolean);
}

async function keep({ program, inputs }: Bundle, begun: number, file: string): Promise<void> {
  const identities: Record<string, string> = {};
  for (const path of inputs) {
    // It may be another file than the one that was read.
    if ((await stat(path)).ctimeMs >= begun - CLOCK_MILLISECONDS) return;
    identities[path] = await identityOf(path);
  }
  const kept: Kept = { inputs: identities, program: Buffer.from(program).toString('utf8'), sha256: hashBytes(program) };
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  try {
    await writeFile(temporary, JSON.stringify(kept));
    await rename(temporary, file);
  } catch (error) {
    // Half of it would take the last of a full disk, at every build more.
    await rm(temporary, { force: true });
    throw error;
  }
}
