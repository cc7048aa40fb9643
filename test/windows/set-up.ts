import { cacheFolder } from '../../builder/cache-folder.ts';
import { ERROR_CODES, isMediasmithError } from '../../runtime/contract/errors.ts';
import { exec } from '../../runtime/host/exec.ts';
import { openWine } from '../helpers/wine.ts';
import { makeWineRoot } from '../helpers/wine-root.ts';

/** What the windows tier needs besides programs: a root with Wine in the cache. Exits with 3 where that cannot be had. */
try {
  await makeWineRoot(cacheFolder(), exec, console.error);
  // Whether this machine lets us: a clear answer here, and not from every test.
  await using _ = await openWine();
} catch (error) {
  if (!isMediasmithError(error)) throw error;
  console.error([`error: ${error.message}`, error.where, ...error.lines, error.hint].filter(Boolean).join('\n'));
  process.exit(ERROR_CODES.TOOL_MISSING);
}
