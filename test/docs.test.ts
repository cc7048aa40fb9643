import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../cli/program.ts';
import { referencePages } from '../cli/reference/pages.ts';
import { wizardFlags } from '../cli/wizard/flags.ts';
import { ERROR_CODES } from '../runtime/contract/errors.ts';

const FOLDER = fileURLToPath(new URL('../docs/reference', import.meta.url));

it('the guide for jobs has the exit codes that there are', async () => {
  const guide = await readFile(fileURLToPath(new URL('../docs/staging-server.md', import.meta.url)), 'utf8');
  const rows = new Map(
    [...guide.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => [Number(code), meaning]),
  );
  expect([...rows.keys()]).toEqual([...new Set([0, ...Object.values(ERROR_CODES)])].sort((a, b) => a - b));
  expect(rows.get(ERROR_CODES.NO_SPACE)).toContain('too little space');
  expect(rows.get(ERROR_CODES.SOURCE_CHANGED)).toContain('changed meanwhile');
});

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
