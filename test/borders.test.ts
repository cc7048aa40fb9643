import { describe, expect, it } from 'vitest';
import {
  crossings,
  fileCycles,
  folderCycles,
  linesMatching,
  longFiles,
  strayPackages,
  zoneOf,
} from './helpers/borders.ts';
import { readSources, type Sources } from './helpers/sources.ts';

const TYPESCRIPT = await readSources('.ts');
const ALL = await readSources('.ts', '.mjs');

type Rule = {
  name: string;
  why: string;
  check: () => string[];
  /** The same check over sources that break the rule, and what it must then find. */
  planted: Record<string, string>;
  checkPlanted: (sources: Sources) => string[];
  finds: string[];
};

const EXITS = /^(cli\/(main|session)\.ts|cli\/\w[\w-]*\.mjs|runtime\/main\.ts)$/;

const RULES: readonly Rule[] = [
  {
    name: 'a file imports its own zone or a lower one',
    why: 'The runtime must read a medium years from now, whatever becomes of the builder; what is low knows nothing of what is above it.',
    check: () => crossings(TYPESCRIPT),
    planted: {
      'runtime/contract/a.ts': `import { exec } from '../host/exec.ts';\n`,
      'builder/b.ts': `import type { Platform } from '../runtime/platform/platform.ts';\nexport * from '../runtime/host/exec.ts';\n`,
      'builder/c.ts': `import {\n  one,\n  two,\n} from '../cli/session.ts';\n`,
      'cli/d.ts': `const { run } = await import('../runtime/engine/run-medium.ts');\n`,
      'runtime/steps/x/schema.ts': `import '../context.ts';\n`,
    },
    checkPlanted: crossings,
    finds: [
      'runtime/contract/a.ts (zone 1) -> runtime/host/exec.ts (zone 3)',
      'builder/b.ts (zone 9) -> runtime/platform/platform.ts (zone 5)',
      'builder/c.ts (zone 9) -> cli/session.ts (zone 10)',
      'cli/d.ts (zone 10) -> runtime/engine/run-medium.ts (zone 7)',
      'runtime/steps/x/schema.ts (zone 2) -> runtime/steps/context.ts (zone 6)',
    ],
  },
  {
    name: 'each outside package has its one importer',
    why: 'A package that only one file knows can be replaced in one file, and its quirks are met in one place.',
    check: () => strayPackages(TYPESCRIPT),
    planted: {
      'builder/a.ts': `import { execa } from 'execa';\n`,
      'runtime/host/exec.ts': `import { execa } from 'execa';\nimport { z } from 'zod';\n`,
      'cli/b.ts': `import type { Thing } from 'left-pad';\n`,
    },
    checkPlanted: strayPackages,
    finds: ['builder/a.ts -> execa (runtime/host/exec.ts)', 'cli/b.ts -> left-pad (a package nobody may import yet)'],
  },
  {
    name: 'no files import each other in a circle',
    why: 'Files in a circle can only be understood, tested and loaded together.',
    check: () => fileCycles(TYPESCRIPT),
    planted: {
      'builder/a.ts': `import { b } from './b.ts';\n`,
      'builder/b.ts': `import { c } from './deep/c.ts';\n`,
      'builder/deep/c.ts': `import type { A } from '../a.ts';\n`,
    },
    checkPlanted: fileCycles,
    finds: ['builder/a.ts -> builder/b.ts -> builder/deep/c.ts -> builder/a.ts'],
  },
  {
    name: 'no folders import each other in a circle',
    why: 'Two folders that need each other are one folder with two names.',
    check: () => folderCycles(TYPESCRIPT),
    planted: {
      'builder/tools/a.ts': `import { b } from '../writers/b.ts';\n`,
      'builder/writers/c.ts': `import { d } from '../tools/d.ts';\n`,
      'runtime/sequence/schema.ts': `import { S } from '../steps/schema.ts';\n`,
      'runtime/steps/run.ts': `import { T } from '../sequence/schema.ts';\n`,
    },
    checkPlanted: folderCycles,
    finds: ['builder/tools (zone 9) -> builder/writers (zone 9) -> builder/tools (zone 9)'],
  },
  {
    name: 'only the command line prints',
    why: 'Whoever calls a function decides what becomes of its news: events go to sinks, results come back.',
    check: () => linesMatching(ALL, /\bconsole\.(log|info|warn|error|debug)\(/, /^cli\//),
    planted: { 'builder/a.ts': `f();\nconsole.log('here');\n`, 'cli/b.ts': `console.log('there');\n` },
    checkPlanted: (sources) => linesMatching(sources, /\bconsole\.(log|info|warn|error|debug)\(/, /^cli\//),
    finds: [`builder/a.ts:2: console.log('here');`],
  },
  {
    name: 'a process ends in one of its main files',
    why: 'An exit from within skips every clean-up that is registered above it.',
    check: () => linesMatching(ALL, /\bprocess\.exit\(/, EXITS),
    planted: { 'cli/commands/a.ts': 'process.exit(1);\n', 'cli/main.ts': 'process.exit();\n' },
    checkPlanted: (sources) => linesMatching(sources, /\bprocess\.exit\(/, EXITS),
    finds: ['cli/commands/a.ts:1: process.exit(1);'],
  },
  {
    name: 'no file has more than 400 lines',
    why: 'A file is read as a whole or not at all.',
    check: () => longFiles(ALL, 400),
    planted: { 'builder/a.ts': 'x;\n'.repeat(401), 'builder/b.ts': 'x;\n'.repeat(400) },
    checkPlanted: (sources) => longFiles(sources, 400),
    finds: ['builder/a.ts: 401 lines'],
  },
];

describe('borders', () => {
  it('reads the sources it is about', () => {
    expect(TYPESCRIPT.size).toBeGreaterThan(100);
    expect(TYPESCRIPT.get('runtime/host/exec.ts')).toContain("from 'execa'");
    expect([...TYPESCRIPT.keys()].filter((path) => zoneOf(path) === undefined)).toEqual([]);
  });

  describe.each(RULES)('$name', ({ why, check, planted, checkPlanted, finds }) => {
    it('holds', () => {
      expect(check(), why).toEqual([]);
    });

    it('would be noticed when broken', () => {
      expect(checkPlanted(new Map(Object.entries(planted)))).toEqual(finds);
    });
  });
});
