import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The text of a kernel attribute, trimmed; empty where there is none. */
export async function readAttribute(...path: string[]): Promise<string> {
  return (await readFile(join(...path), 'utf8').catch(() => '')).replaceAll('\0', '').trim();
}

/** The names in a folder of the kernel's, sorted; none where there is no such folder. */
export async function listEntries(...path: string[]): Promise<string[]> {
  return (await readdir(join(...path)).catch(() => [])).sort();
}
