import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { unpackedProgram } from './unpacked-program.ts';

/** Replaces each `name.xz` by the `name` it holds. */
export async function unpackXz(root: string, files: readonly string[], exec: Exec): Promise<void> {
  await exec(unpackXzArgv(root, files));
}

export function unpackXzArgv(root: string, files: readonly string[]): Argv {
  return [...unpackedProgram(root, 'usr/bin/xz'), '--decompress', '--threads=1', '--', ...files];
}
