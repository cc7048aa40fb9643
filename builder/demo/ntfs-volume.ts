import { mkdir, open, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Argv, Exec } from '../../runtime/host/exec.ts';

/** A file with an empty NTFS volume of so many bytes; it takes room on the disk only for what is written to it. */
export async function makeNtfsVolume(
  path: string,
  bytes: number,
  { exec, signal }: { exec: Exec; signal?: AbortSignal | undefined },
): Promise<void> {
  const file = await open(path, 'w');
  await file.truncate(bytes);
  await file.close();
  await exec(mkntfsArgv(path), { ...(signal && { signal }) });
}

export function mkntfsArgv(path: string): Argv {
  // -F: a file and no device. -T: no time of making, so that the same volume comes out.
  return ['mkntfs', '-F', '-Q', '-q', '-T', '-L', 'Windows', path];
}

/**
 * Mounts the volume in a file on `folder`, does the work and unmounts again. When it returns, ntfs-3g has written
 * everything and ended. Only root may.
 */
export async function withMountedNtfs<T>(
  volume: string,
  folder: string,
  exec: Exec,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  // Without the signal: an interrupted run must still get its volume unmounted, and then the driver ends by itself.
  const driver = exec(ntfs3gArgv(volume, folder));
  try {
    await mounted(folder, driver);
    return await work();
  } finally {
    await exec(['umount', '--lazy', folder], { successCodes: [0, NOT_MOUNTED] });
    await driver;
    await rmdir(folder);
  }
}

const NOT_MOUNTED = 32;

export function ntfs3gArgv(volume: string, folder: string): Argv {
  // In the foreground, since only its end says that everything is in the file.
  return ['ntfs-3g', '-o', 'no_detach,noatime,big_writes,streams_interface=xattr', volume, folder];
}

const POLL_MILLISECONDS = 10;

/** Nothing tells of a mount, so it is looked for: the folder is then on another device than the one it lies in. */
async function mounted(folder: string, driver: Promise<unknown>): Promise<void> {
  const parent = await deviceOf(dirname(folder));
  let running = true;
  const ended = driver.finally(() => {
    running = false;
  });
  // Awaited below where it matters; unawaited it must not end the process.
  ended.catch(() => undefined);
  while ([parent, undefined].includes(await deviceOf(folder))) {
    if (!running) await ended;
    if (!running) throw new MediasmithError('BUILD_FAILED', `ntfs-3g ended without mounting ${folder}`);
    await setTimeout(POLL_MILLISECONDS);
  }
}

async function deviceOf(folder: string): Promise<number | undefined> {
  return stat(folder).then(
    ({ dev }) => dev,
    () => undefined,
  );
}
