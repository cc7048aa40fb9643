import type { FileHandle } from 'node:fs/promises';
import type { Argv, Exec } from '../../../runtime/host/exec.ts';
import { syncDevice } from './device-failed.ts';

/**
 * Writes everything through to the device and has the system forget what it remembers of it, so that what is read next
 * comes from there. Of an image file the system's memory is as good as the disk below.
 */
export function flusher(
  device: string,
  handle: FileHandle,
  { exec, signal }: { exec: Exec; signal: AbortSignal },
): () => Promise<void> {
  return async () => {
    await syncDevice(handle);
    if ((await handle.stat()).isBlockDevice()) await exec(forgetArgv(device), { signal });
  };
}

/** dd copies nothing and asks the kernel to drop the pages (GNU coreutils, "dd invocation", nocache). */
function forgetArgv(device: string): Argv {
  return ['dd', `if=${device}`, 'iflag=nocache', 'count=0', 'status=none'];
}
