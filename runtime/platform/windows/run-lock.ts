import { constants } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** libuv's own flag: Windows opens the file for nobody else, which ends with the process, however that ends. */
const EXCLUSIVE = 0x10000000;
const LOCK = 'mediasmith.lock';
/** As Windows' sharing violation comes out of Node. */
const TAKEN = 'EBUSY';

/**
 * Lets one run at a time work on this Windows. Undefined while another does; disposing of it lets the next.
 * Who may not write there gets it all the same: that is no administrator, and is refused as such.
 */
export async function lockRun(folder: string): Promise<AsyncDisposable | undefined> {
  const path = join(folder, LOCK);
  await mkdir(folder, { recursive: true });
  try {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT | EXCLUSIVE);
    return {
      [Symbol.asyncDispose]: async () => {
        await file.close();
        // Whoever has it by now keeps it: a file that is open so cannot be removed.
        await rm(path, { force: true }).catch(() => undefined);
      },
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === TAKEN) return undefined;
    if (code === 'EPERM' || code === 'EACCES') return { [Symbol.asyncDispose]: async () => undefined };
    throw error;
  }
}
