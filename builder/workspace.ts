import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder for what is made on the way; disposing of it removes all of it. */
export type Workspace = AsyncDisposable & { folder: string };

/** Makes a scratch folder inside `parent`, on whose file system it then lies. `parent` is made when it is not there. */
export async function openWorkspace(parent: string): Promise<Workspace> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, '.mediasmith-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
