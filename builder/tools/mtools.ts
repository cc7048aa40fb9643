import { posix } from 'node:path';
import type { Argv, Exec } from '../../runtime/host/exec.ts';

/** Copies files into a FAT volume image without mounting it, making the folders they need. Times are all `epochSeconds`. */
export async function copyIntoFat(
  image: string,
  files: ReadonlyMap<string, string>,
  epochSeconds: number,
  exec: Exec,
): Promise<void> {
  const env = { SOURCE_DATE_EPOCH: String(epochSeconds), TZ: 'UTC', MTOOLSRC: '/dev/null', LC_ALL: 'C' };
  const folders = foldersOf([...files.keys()]);
  if (folders.length > 0) await exec(makeFatFoldersArgv(image, folders), { env });
  for (const [path, source] of files) await exec(copyIntoFatArgv(image, source, path), { env });
}

export function makeFatFoldersArgv(image: string, folders: readonly string[]): Argv {
  return ['mmd', '-i', image, ...folders.map((folder) => `::/${folder}`)];
}

export function copyIntoFatArgv(image: string, source: string, path: string): Argv {
  return ['mcopy', '-i', image, source, `::/${path}`];
}

/** Every folder above the paths, the outer before the inner. */
export function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}

/** Paths of the files in and below a folder of a FAT volume image, without a leading slash. None for no such folder or no FAT. */
export async function listFat(image: string, folder: string, exec: Exec): Promise<string[]> {
  const { stdout } = await exec(listFatArgv(image, folder), { env: READING, successCodes: [0, 1] });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('::/') && !line.endsWith('/'))
    .map((line) => line.slice('::/'.length));
}

export async function copyOutOfFat(image: string, path: string, target: string, exec: Exec): Promise<void> {
  await exec(copyOutOfFatArgv(image, path, target), { env: READING });
}

/** Whatever its boot sector says about its size: the volume of a boot image is often larger than its file. */
const READING = { MTOOLSRC: '/dev/null', MTOOLS_SKIP_CHECK: '1', LC_ALL: 'C.UTF-8' };

export function listFatArgv(image: string, folder: string): Argv {
  return ['mdir', '-i', image, '-b', '-/', `::/${folder}`];
}

export function copyOutOfFatArgv(image: string, path: string, target: string): Argv {
  return ['mcopy', '-n', '-i', image, `::/${path}`, target];
}
