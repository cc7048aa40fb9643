import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { referencePages } from '../reference/pages.ts';
import type { CommandResult } from '../session.ts';

/** Prints every page of the reference, or writes them into a folder. */
export async function reference(program: Command, options: { write?: string }): Promise<CommandResult> {
  const pages = referencePages(program);
  if (options.write === undefined) {
    return {
      document: { pages: Object.fromEntries(pages) },
      text: [...pages].map(([name, page]) => `==> ${name}\n${page}`).join('\n'),
    };
  }
  const written: string[] = [];
  for (const [name, page] of pages) {
    const path = join(options.write, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, page);
    written.push(path);
  }
  return { document: { written }, text: `${written.join('\n')}\n` };
}
