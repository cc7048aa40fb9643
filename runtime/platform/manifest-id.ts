import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseDiscLabel } from '../contract/disc.ts';
import { MEDIUM_PATHS } from '../contract/manifest.ts';
import { exists } from '../host/exists.ts';

/**
 * The id of the medium at `root`, leniently: a damaged manifest of the right medium must be found, so that its damage can
 * be named. Undefined for a later disc of a set, from which nothing can be begun.
 */
export async function manifestIdAt(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, MEDIUM_PATHS.manifest), 'utf8').catch(() => '');
  const { data } = z.uuid().safeParse(/"id":\s*"([^"]+)"/.exec(text)?.[1]);
  return data === undefined || (await isLaterDisc(root)) ? undefined : data;
}

/** The boot image that starts the medium at `root`, as leniently; undefined for one of another boot environment. */
export async function bootImageAt(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, MEDIUM_PATHS.manifest), 'utf8').catch(() => '');
  return z.uuid().safeParse(/"bootImage":\s*"([^"]+)"/.exec(text)?.[1]).data;
}

/** A folder that has the files of several discs has the sequences as well, whichever disc it says it is. */
async function isLaterDisc(root: string): Promise<boolean> {
  const label = parseDiscLabel(await readFile(join(root, MEDIUM_PATHS.disc), 'utf8').catch(() => ''));
  if (label === undefined || label.disc === 1) return false;
  const begins = await Promise.all(
    [MEDIUM_PATHS.sequences, MEDIUM_PATHS.sealed].map((path) => exists(join(root, path))),
  );
  return !begins.includes(true);
}
