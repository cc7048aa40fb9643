import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { PLATFORMS, type StepDefinition } from '../runtime/contract/step.ts';
import { runners } from '../runtime/steps/index.ts';
import { STEP_DEFINITIONS } from '../runtime/steps/schema.ts';
import { ROOT } from './helpers/sources.ts';

const DEFINITIONS: readonly StepDefinition[] = STEP_DEFINITIONS as unknown as readonly StepDefinition[];
const STEPS = join(ROOT, 'runtime/steps');
const TEMPLATES = await readTemplates();

describe('the registry of steps', () => {
  // Folders without a promise hold what several steps share.
  it('has one folder with a promise for every step and none besides', async () => {
    const files = await readdir(STEPS, { recursive: true });
    const folders = files
      .filter((file) => file.endsWith('/schema.ts'))
      .map((file) => file.slice(0, -'/schema.ts'.length));
    expect(folders.sort()).toEqual(DEFINITIONS.map(({ type }) => type).sort());
  });

  it('has one runner for every step and none besides', () => {
    expect(Object.keys(runners).sort()).toEqual(DEFINITIONS.map(({ type }) => type).sort());
  });

  it('gives no two steps one title', () => {
    const titles = DEFINITIONS.map(({ traits }) => traits.title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe.each(DEFINITIONS)('step $type', ({ type, traits, options }) => {
  it('has its promise and its deed side by side', async () => {
    expect(await readdir(join(STEPS, type))).toEqual(expect.arrayContaining(['run.ts', 'schema.ts']));
  });

  it('can be read about', () => {
    expect(traits.title).toMatch(/^[A-Z]/);
    expect(traits.summary).toMatch(/^[A-Z].*\.$/);
    const without = Object.entries(options).filter(([, field]) => !(field as z.ZodType).description);
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('runs somewhere', () => {
    expect(traits.runsOn.length).toBeGreaterThan(0);
    expect(PLATFORMS).toEqual(expect.arrayContaining([...traits.runsOn]));
  });

  it('is shown in a template or an example', () => {
    expect(TEMPLATES).toMatch(new RegExp(`^\\s*- step: ${type}$`, 'm'));
  });
});

async function readTemplates(): Promise<string> {
  const folder = join(ROOT, 'templates');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.yaml'));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}
