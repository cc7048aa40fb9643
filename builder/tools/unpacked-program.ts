import { join } from 'node:path';
import type { Argv, Exec } from '../../runtime/host/exec.ts';

const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
const LOADER = `${LIBRARIES}/ld-linux-x86-64.so.2`;

/**
 * The command line that runs a program of an unpacked Debian root with that root's own loader and libraries, so that
 * neither the host's versions nor root rights are needed. `name` is what the program sees as its own name.
 */
export function unpackedProgram(root: string, program: string, name: string = program): Argv {
  return [join(root, LOADER), '--library-path', join(root, LIBRARIES), '--argv0', name, join(root, program)];
}

/** Paths within the root of every shared library the programs need, sorted. An error when one of them is not in the root. */
export async function sharedLibraries(root: string, programs: readonly string[], exec: Exec): Promise<string[]> {
  const libraries = new Set([LOADER]);
  for (const program of programs) {
    const listing = await exec([
      join(root, LOADER),
      '--library-path',
      join(root, LIBRARIES),
      '--list',
      join(root, program),
    ]);
    for (const library of parseLibraryList(listing.stdout)) {
      if (!library.startsWith(`${root}/`)) throw new Error(`${program} needs ${library}, which no package brings`);
      libraries.add(library.slice(root.length + 1));
    }
  }
  return [...libraries].sort();
}

/** The files a loader's `--list` names. A library that was not found is given by its bare name. */
export function parseLibraryList(text: string): string[] {
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*(\S+) => (not found|.+?)(?: \(0x[0-9a-f]+\))?$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) found.push(match[2] === 'not found' ? match[1] : match[2]);
  }
  return found;
}
