import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { unpackedProgram } from './unpacked-program.ts';

/** Writes a copy of an ELF program without its symbols: Node's loses a fifth of its size by it. */
export async function stripSymbols(
  options: { root: string; program: string; output: string },
  exec: Exec,
): Promise<void> {
  await exec(stripArgv(options));
}

export function stripArgv({ root, program, output }: { root: string; program: string; output: string }): Argv {
  return [...unpackedProgram(root, 'usr/bin/x86_64-linux-gnu-strip'), '-o', output, program];
}
