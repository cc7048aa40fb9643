import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** A folder for what is made on the way; disposing of it removes all of it. */
export type Workspace = AsyncDisposable & { folder: string };

const PREFIX = '.mediasmith-';

/**
 * Makes a scratch folder inside `parent`, on whose file system it then lies. `parent` is made when it is not there. What
 * a build that was killed has left in it is removed.
 */
export async function openWorkspace(parent: string): Promise<Workspace> {
  await makeFolder(parent);
  await removeAbandoned(parent);
  const folder = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = /^\.mediasmith-(\d+)-\w{6}$/.exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
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
