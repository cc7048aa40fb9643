import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { unpackedProgram } from './unpacked-program.ts';

/**
 * A keymap as the kernel's own source would have it: the values of each table of keys, by its name there. A letter that is
 * none of the kernel's own values is its code point.
 */
export async function keymapTables(keymap: string, root: string, exec: Exec): Promise<Map<string, number[]>> {
  const { stdout } = await exec(loadkeysArgv(root), { input: keymap });
  return parseTables(stdout);
}

export function loadkeysArgv(root: string): Argv {
  return [...unpackedProgram(root, 'usr/bin/loadkeys'), '--quiet', '--unicode', '--mktable'];
}

export function parseTables(source: string): Map<string, number[]> {
  return new Map(
    [...source.matchAll(/unsigned short (\w+)\[NR_KEYS\] = \{([^}]*)\}/g)].map(([, name = '', values = '']) => [
      name,
      [...values.matchAll(/0x([0-9a-f]+)/g)].map(([, value = '']) => Number.parseInt(value, 16)),
    ]),
  );
}
