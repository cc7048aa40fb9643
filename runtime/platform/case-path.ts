import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A path of a Windows volume as it really lies there: each part that exists is taken as it is spelt on the volume,
 * whatever its case, and the rest as it is given. Windows would find it so; a Linux file system would make a second one.
 */
export async function casePath(root: string, path: string): Promise<{ path: string; exists: boolean }> {
  let found = root;
  const parts = path.split('/');
  for (const [depth, part] of parts.entries()) {
    const name = (await readdir(found).catch(() => [])).find((entry) => entry.toLowerCase() === part.toLowerCase());
    if (name === undefined) return { path: join(found, ...parts.slice(depth)), exists: false };
    found = join(found, name);
  }
  return { path: found, exists: true };
}
