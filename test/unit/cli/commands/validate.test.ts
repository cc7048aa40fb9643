import { join } from 'node:path';
import { expect, it } from 'vitest';
import { validate } from '../../../../cli/commands/validate.ts';
import type { Problem } from '../../../../runtime/contract/errors.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const calls = (id: string, ...children: string[]) =>
  `formatVersion: 2\nid: ${id}\nname: N\nsteps:\n  - { step: restart-computer, enabled: false }\n${children
    .map((child) => `  - { step: run-sequence, sequence: ${child} }\n`)
    .join('')}`;

async function validated(files: Record<string, string>) {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  const { document, exitCode } = await validate(join(folder, 'a.yaml'));
  const { problems } = document as { problems: Problem[] };
  return { exitCode, found: problems.map(({ severity, line, message }) => `${line} ${severity}: ${message}`) };
}

it('finds a circle of children that lie beside a sequence', async () => {
  const around = await validated({
    'a.yaml': calls('a', 'b'),
    'second.yaml': calls('b', 'c'),
    'third.yaml': calls('c', 'a'),
    'fourth.yaml': calls('d', 'no'),
  });
  expect(around).toEqual({ exitCode: 2, found: ['6 error: the sequence calls itself: a > b > c > a'] });
  const below = await validated({ 'a.yaml': calls('a', 'b'), 'b.yaml': calls('b', 'c'), 'c.yaml': calls('c', 'b') });
  expect(below).toEqual({ exitCode: 2, found: ['6 error: sequence "a": it calls itself: a > b > c > b'] });
});

it('says which children do not lie there: they may elsewhere', async () => {
  expect(await validated({ 'a.yaml': calls('a', 'b', 'c'), 'b.yaml': calls('b'), 'c.yaml': 'steps: [' })).toEqual({
    exitCode: 0,
    found: ['7 warning: there is no sequence "c" that can be read beside this one'],
  });
});
