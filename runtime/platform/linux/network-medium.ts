import { mkdtemp, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import type { Argv, Exec } from '../../host/exec.ts';
import { manifestIdAt } from '../manifest-id.ts';
import type { MountedMedium } from '../platform.ts';
import { unmountArgv } from './mount.ts';
import { READY_LINE } from './network/serve-medium.ts';

export type NetworkMedium = {
  exec: Exec;
  sys: string;
  /** The address on a web server below which the files of the medium lie. */
  url: URL;
  /** Undefined: whatever medium is there. */
  id: string | undefined;
  log: (message: string) => void;
  signal?: AbortSignal | undefined;
};

/** The script that opens /dev/fuse, mounts it and becomes the process that answers (templates/linux/mount-url). */
const MOUNT_URL = '/usr/lib/mediasmith/mount-url';
/** The kernel asks this far ahead, so that a file read from end to end comes in large pieces, several at a time. */
const READ_AHEAD_KIB = 4096;

/**
 * Mounts the medium below an address of a web server. Its files are read when somebody reads them, in ranges; what
 * breaks off is taken up again. Stays mounted until the machine restarts.
 */
export async function mountNetworkMedium(medium: NetworkMedium): Promise<MountedMedium> {
  const { exec, url, sys } = medium;
  const root = await mkdtemp(join(tmpdir(), 'medium-'));
  try {
    await startServing(medium, root);
    refuseOther(medium, await manifestIdAt(root));
  } catch (error) {
    await exec(unmountArgv(root)).catch(() => undefined);
    await rmdir(root);
    throw error;
  }
  await readFarAhead(sys, root);
  return { root, device: url.href, disk: '', launchMode: 'PXE', address: url.href };
}

/** Pure: what mounts. */
export function mountUrlArgv(url: URL, folder: string): Argv {
  return [MOUNT_URL, url.href, folder];
}

/** Resolves when the files can be read; the process goes on beside us. */
function startServing({ exec, url, log, signal }: NetworkMedium, root: string): Promise<void> {
  const ready = Promise.withResolvers<void>();
  const said: string[] = [];
  const onLine = (line: string): void => {
    if (line === READY_LINE) {
      ready.resolve();
      return;
    }
    said.push(line);
    log(line);
  };
  exec(mountUrlArgv(url, root), { onLine, ...(signal !== undefined && { signal }) }).then(
    () => ready.reject(unreachable(url, said)),
    (error) => ready.reject(isMediasmithError(error) && error.code === 'INTERRUPTED' ? error : unreachable(url, said)),
  );
  return ready.promise;
}

function unreachable(url: URL, said: readonly string[]): MediasmithError {
  return new MediasmithError('MEDIUM_NOT_FOUND', `the medium cannot be read from ${url}`, {
    where: url.href,
    lines: said,
    hint: "Check this computer's cable and address (ip addr), and that the web server has the medium's folder below that address.",
  });
}

/** No id at all is a damaged manifest, whose damage the verification names. */
function refuseOther({ url, id }: NetworkMedium, found: string | undefined): void {
  if (id === undefined || found === undefined || found === id) return;
  throw new MediasmithError('MEDIUM_NOT_FOUND', `${url} is another medium: ${found}`, {
    where: url.href,
    hint: `This computer was started to work from the medium ${id}. Start it again: the web server has other files by now.`,
  });
}

/** Reading works without it, slower. */
async function readFarAhead(sys: string, root: string): Promise<void> {
  const { dev } = await stat(root);
  // The file system is on no disk, so the major number is 0 and the minor one is all there is.
  await writeFile(join(sys, 'class/bdi', `0:${dev}`, 'read_ahead_kb'), String(READ_AHEAD_KIB)).catch(() => undefined);
}
