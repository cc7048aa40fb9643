import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MEDIUM_PATHS } from '../contract/manifest.ts';

/** The id of the medium at `root`, leniently: a damaged manifest of the right medium must be found, so that its damage can be named. */
export async function manifestIdAt(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, MEDIUM_PATHS.manifest), 'utf8').catch(() => '');
  return z.uuid().safeParse(/"id":\s*"([^"]+)"/.exec(text)?.[1]).data;
}
