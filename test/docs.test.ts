import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../cli/program.ts';
import { referencePages } from '../cli/reference/pages.ts';
import { wizardFlags } from '../cli/wizard/flags.ts';

const FOLDER = fileURLToPath(new URL('../docs/reference', import.meta.url));

describe('the generated reference', () => {
  const pages = referencePages(buildProgram(wizardFlags()));

  it.each([...pages.keys()])('%s is what the code says (else: npm run docs)', async (name) => {
    expect(await readFile(join(FOLDER, name), 'utf8')).toBe(pages.get(name));
  });

  it('has no page that nothing generates', async () => {
    const files = (await readdir(FOLDER, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const names = files.map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length + 1));
    expect(names.sort()).toEqual([...pages.keys()].sort());
  });
});
