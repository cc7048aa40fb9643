import { win32 } from 'node:path';

/**
 * What DISM shall take for the parts of a split image. It takes every file that matches, so the pattern must reach no
 * other one in the folder, whose names are given. Undefined when none will do. Pure.
 */
export function splitPattern(first: string, totalParts: number, names: readonly string[]): string | undefined {
  const { dir, name, ext } = win32.parse(first);
  const own = new Set(
    Array.from({ length: totalParts }, (_, index) => `${name}${index === 0 ? '' : index + 1}${ext}`.toLowerCase()),
  );
  const pattern = [`${name}*${ext}`, `${name}?${ext}`].find((candidate) => {
    const caught = names.map((other) => other.toLowerCase()).filter((other) => matches(candidate, other));
    return caught.every((other) => own.has(other)) && caught.length === own.size;
  });
  return pattern === undefined ? undefined : win32.join(dir, pattern);
}

/** As Windows matches: at the end of a name a question mark also stands for nothing. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace('*', '.*')
    .replace('?', '.?');
  return new RegExp(`^${source}$`).test(name);
}
