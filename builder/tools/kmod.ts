import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { unpackedProgram } from './unpacked-program.ts';

/** Writes `modules.dep` and its sisters for the modules under `<base>/lib/modules/<release>`, beside them or under `output`. */
export async function depmod(
  options: { root: string; base: string; release: string; output?: string },
  exec: Exec,
): Promise<void> {
  await exec(depmodArgv(options));
}

export function depmodArgv(options: { root: string; base: string; release: string; output?: string }): Argv {
  const output = options.output === undefined ? [] : ['--outdir', options.output];
  // One program under many names: it acts by the name it is called.
  return [...unpackedProgram(options.root, 'usr/bin/kmod', 'depmod'), '-b', options.base, ...output, options.release];
}
