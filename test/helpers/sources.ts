import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Source files: path from the top of the repository, and text. */
export type Sources = ReadonlyMap<string, string>;

/** Every source file of the product whose name ends in one of `extensions`. */
export async function readSources(...extensions: string[]): Promise<Sources> {
  const sources = new Map<string, string>();
  const top = await readdir(ROOT);
  for (const folder of ['builder', 'cli', 'drivers', 'runtime'].filter((name) => top.includes(name))) {
    for (const path of (await readdir(join(ROOT, folder), { recursive: true })).sort()) {
      if (!extensions.some((extension) => path.endsWith(extension))) continue;
      sources.set(`${folder}/${path}`, await readFile(join(ROOT, folder, path), 'utf8'));
    }
  }
  return sources;
}

// The formatter puts every import at the start of a line and its specifier into single quotes.
const STATIC = /^(?:import|export)\b[^;'"`]*?\bfrom\s+'([^']+)'/gm;
const BARE = /^import\s+'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;

/** What a file imports, types too: other files by their path from the top, packages and `node:` modules by name. */
export function importsOf(path: string, text: string): string[] {
  const specifiers = [STATIC, BARE, DYNAMIC].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, specifier]) => specifier ?? ''),
  );
  return [...new Set(specifiers)].map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
  );
}
