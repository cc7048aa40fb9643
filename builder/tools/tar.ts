import type { Argv, Exec } from '../../runtime/host/exec.ts';

/** Unpacks a gzipped archive into an existing folder, without the one folder everything in it lies in. */
export async function unpackTarball(archive: string, folder: string, exec: Exec): Promise<void> {
  await exec(unpackTarballArgv(archive, folder));
}

export function unpackTarballArgv(archive: string, folder: string): Argv {
  return [
    ...(['tar', '--extract', '--gzip'] as const),
    ...['--no-same-owner', '--no-same-permissions', '--strip-components=1'],
    ...['--file', archive, '--directory', folder],
  ];
}
