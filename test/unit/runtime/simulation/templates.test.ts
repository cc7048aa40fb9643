import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RecordedMachine } from '../../../../runtime/contract/recorded-machine.ts';
import { loadSequence } from '../../../../runtime/sequence/load.ts';
import { simulate } from '../../../../runtime/simulation/simulate.ts';
import { ROOT } from '../../../helpers/sources.ts';

const SEQUENCES = join(ROOT, 'templates/sequences');
const MACHINES = join(ROOT, 'templates/machines');
const templates = (await readdir(SEQUENCES)).filter((name) => name.endsWith('.yaml')).sort();
const machines = (await readdir(MACHINES)).filter((name) => name.endsWith('.json')).sort();

describe.each(templates)('the template %s', (template) => {
  it.each(machines)('does on %s what it did before', async (machine) => {
    const { sequence } = loadSequence(await readFile(join(SEQUENCES, template), 'utf8'), template);
    if (sequence === undefined) throw new Error(`${template} is not valid`);
    const { result, steps } = await simulate({
      sequence,
      machine: RecordedMachine.parse(JSON.parse(await readFile(join(MACHINES, machine), 'utf8'))),
      variables: [],
      failures: new Map(),
      signal: new AbortController().signal,
    });
    const lines = steps.flatMap(({ name, outcome, reason, commands, writes }) => [
      `${outcome}: ${name}`,
      ...(reason === '' ? [] : [`  because ${reason}`]),
      ...commands.map((command) => `  > ${command}`),
      ...writes.map((path) => `  + ${path}`),
    ]);
    const golden = `templates/${basename(template, '.yaml')}.${basename(machine, '.json')}.txt`;
    await expect(`${lines.join('\n')}\n${result}\n`).toMatchFileSnapshot(golden);
  });
});
