import { describe, expect, it } from 'vitest';
import { RecordedMachine } from '../../../../runtime/contract/recorded-machine.ts';
import { loadSequence } from '../../../../runtime/sequence/load.ts';
import { differences, Expectation } from '../../../../runtime/simulation/expectation.ts';
import { type SimulationResult, simulate } from '../../../../runtime/simulation/simulate.ts';
import { aMachine } from '../../../helpers/machine.ts';

type Given = { failures?: Record<string, number>; signal?: AbortSignal };

function run(steps: string, { failures = {}, signal }: Given = {}): Promise<SimulationResult> {
  const text = `{ formatVersion: 2, id: t, name: T, startsIn: winpe, steps: [${steps}] }`;
  const { sequence, problems } = loadSequence(text, 't.yaml');
  if (sequence === undefined) throw new Error(problems.map(({ message }) => message).join());
  return simulate({
    sequence,
    machine: RecordedMachine.parse(aMachine()),
    variables: [],
    failures: new Map(Object.entries(failures)),
    signal: signal ?? new AbortController().signal,
  });
}

describe('simulate', () => {
  it('fails every attempt of a step that shall fail, and the first program of each alone', async () => {
    const steps = '{ step: run-command-line, name: A, command: a, retry: { count: 2 } }';
    const {
      steps: [step],
    } = await run(steps, { failures: { A: 7 } });
    expect(step).toMatchObject({ outcome: 'failed', commands: ['a', 'a', 'a'] });
  });

  it('gives a step whose condition cannot be evaluated no deeds of the step before', async () => {
    const { steps } = await run(
      `{ step: run-command-line, name: A, command: a },
       { step: run-command-line, name: B, command: b, condition: { wql: SELECT * FROM Win32_Unknown } }`,
    );
    expect(steps.map(({ outcome, commands }) => [outcome, commands])).toEqual([
      ['ran', ['a']],
      ['failed', []],
    ]);
  });

  it('names what a sequence has failed by: a step, or a group whose condition cannot be evaluated', async () => {
    const bad = 'condition: { wql: SELECT * FROM Win32_Unknown }';
    const step = await run(`{ step: run-command-line, name: A, command: a, ${bad} }`);
    expect(step.failed).toEqual({ name: 'A', reason: expect.stringContaining('Win32_Unknown') });
    const inner = '{ step: run-command-line, name: A, command: a }';
    const group = await run(`{ group: G, ${bad}, steps: [${inner}] }, ${inner.replace('A', 'B')}`);
    expect(group).toMatchObject({
      result: 'failed',
      failed: { name: 'G', reason: expect.stringContaining('Win32_Unknown') },
      steps: [
        { name: 'A', outcome: 'skipped', reason: expect.stringContaining('the condition of the group "G" cannot be') },
        { name: 'B', outcome: 'skipped', reason: 'a step before it has failed, or has ended the sequence' },
      ],
    });
    const whole = await run(inner);
    expect(whole).not.toHaveProperty('failed');
    expect(differences(Expectation.parse(JSON.parse(JSON.stringify(group))), group)).toEqual([]);
    expect(differences(Expectation.parse({ failed: { name: 'H' } }), group)).toEqual([
      'failed, name: expected "H", was "G"',
    ]);
  });

  it('refuses a sequence that restarts without end', async () => {
    const steps = Array.from({ length: 1001 }, (_, index) => `{ step: run-command-line, name: S${index}, command: a }`);
    const failures = Object.fromEntries(steps.map((_, index) => [`S${index}`, 3010]));
    await expect(run(steps.join(), { failures })).rejects.toMatchObject({ code: 'SIMULATION_FAILED' });
  });

  it('is no answer when it was interrupted', async () => {
    const reason = new Error('interrupted');
    const signal = AbortSignal.abort(reason);
    await expect(run('{ step: run-command-line, command: a }', { signal })).rejects.toBe(reason);
  });

  it('shows no secret, not even the one that was expected', async () => {
    const result = await run('{ step: set-variable, variable: Key, value: hunter2, secret: true }');
    expect(JSON.stringify(result)).not.toContain('hunter2');
    const expectation = Expectation.parse({ variables: { Key: 'hunter2' } });
    expect(differences(expectation, result)).toEqual(['variable Key: it is secret, expect "********"']);
    expect(differences(Expectation.parse({ variables: { Key: '********' } }), result)).toEqual([]);
  });
});
