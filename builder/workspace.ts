import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** A folder for what is made on the way; disposing of it removes all of it. */
export type Workspace = AsyncDisposable & { folder: string };

/**
 * Makes a scratch folder inside `parent`, on whose file system it then lies. `parent` is made when it is not there. What
 * a build that was killed has left in it is removed.
 */
export async function openWorkspace(parent: string): Promise<Workspace> {
  await makeFolder(parent);
  const folder = await scratchFolder(parent, '.mediasmith-');
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A new folder in `parent` that says which process it belongs to. Those of processes that are gone are removed. */
export async function scratchFolder(parent: string, prefix: string): Promise<string> {
  for (const name of await readdir(parent)) {
    const owner = name.startsWith(prefix) ? /^(\d+)-\w{6}$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (owner === undefined || isRunning(Number(owner))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
  return mkdtemp(join(parent, `${prefix}${process.pid}-`));
}

/** Signal 0 asks only; EPERM says that it runs and is somebody else's. */
function isRunning(owner: number): boolean {
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
