import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where what can be made again is kept between builds: MEDIASMITH_CACHE, or the XDG cache folder. Always absolute; a
 * variable that is empty counts as not set.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { MEDIASMITH_CACHE, XDG_CACHE_HOME } = environment;
  return resolve(MEDIASMITH_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'mediasmith'));
}
