import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what can be made again is kept between builds: MEDIASMITH_CACHE, or the XDG cache folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.MEDIASMITH_CACHE ?? join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mediasmith');
}
