import { existsSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

keepCompiled(process.env);
await import('./main.ts');

/** What Node makes of the sources is kept in the cache for the next start. Where it cannot be, each is only slower. */
function keepCompiled({ MEDIASMITH_CACHE, XDG_CACHE_HOME }) {
  try {
    // As builder/cache-folder.ts, which would have to be compiled itself.
    const cache = resolve(MEDIASMITH_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'mediasmith'));
    const compiled = join(cache, 'compiled');
    // One by one: Node never comes back from making folders in a folder like /proc, which is there and takes none.
    for (const folder of [dirname(cache), cache, compiled]) if (!existsSync(folder)) mkdirSync(folder);
    enableCompileCache(compiled);
  } catch {
    // Nothing can be written there, or this user has no home.
  }
}
