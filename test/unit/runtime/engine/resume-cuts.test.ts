import { describe, expect, it } from 'vitest';
import { PowerCut } from '../../../helpers/power-cut.ts';
import { programsOf } from '../../../helpers/random-sequence.ts';
import { append, type Children, Machine } from '../../../helpers/restarting-machine.ts';
import { note } from '../../../helpers/run.ts';
import { runWithCut, wholeState } from '../../../helpers/run-with-cut.ts';

const MINUTE = 60_000;
const SECRET = 'correct horse battery';
const FORMAT = { step: 'format-and-partition-disk' };
const RESTART = { step: 'restart-computer', target: 'winpe' };
const IMAGE = { step: 'apply-operating-system', image: 'windows' };
const SETTINGS = { step: 'apply-windows-settings', computerName: 'PC-%A%' };
const A = { step: 'set-variable', variable: 'A', value: 'a' };
const PASSWORD = { step: 'set-variable', variable: 'Password', value: SECRET, secret: true };
const runtime = { windowsRuntimes: [{ architecture: 'x64' as const, file: 'mediasmith/images/windows.wim' }] };

/** Fails so many times, then ends well. */
const flaky = (name: string, fails: number, more: object = {}) => ({
  ...{ step: 'run-command-line', name, command: ['program', name, '7', String(fails)], successCodes: [0] },
  ...more,
});
const ALWAYS = 1000;

const CASES: Record<string, { steps: readonly object[]; children?: Children }> = {
  'with steps that are tried again': {
    steps: [
      ...[A, FORMAT, flaky('works at last', 2, { retry: { count: 2 } }), append('A')],
      flaky('never works', ALWAYS, { retry: { count: 2 }, continueOnError: true }),
      append('A', { condition: { variable: '_SMSTSLastActionRetCode', value: '7' } }),
      ...[IMAGE, SETTINGS],
    ],
  },
  'with child sequences': {
    steps: [
      ...[A, FORMAT, IMAGE],
      { step: 'run-sequence', name: 'works', sequence: 'works', retry: { count: 1 } },
      { step: 'run-sequence', name: 'fails', sequence: 'fails', retry: { count: 1 }, continueOnError: true },
      ...[RESTART, append('A'), SETTINGS, note('last', { command: ['program', '%A%', '0', '0'] })],
    ],
    children: {
      works: [append('A'), flaky('at last', 1), append('A')],
      fails: [append('A'), flaky('never', ALWAYS), append('A')],
    },
  },
  'with a restart into the boot environment and secrets': {
    steps: [
      ...[A, PASSWORD, FORMAT, append('A'), IMAGE, RESTART],
      append('A', { condition: { all: [{ variable: 'A', value: 'ax' }, { variable: 'Password' }] } }),
      ...[SETTINGS, note('last', { command: ['program', '%A% %Password%', '0', '0'] })],
    ],
  },
  'that goes on in the installed Windows': {
    steps: [
      ...[A, PASSWORD, FORMAT, append('A'), IMAGE, SETTINGS, { step: 'setup-windows' }],
      append('A', { runIn: 'winpe' }),
      flaky('in Windows', 1, { retry: { count: 1 }, runIn: 'full-os' }),
      ...[append('A'), { step: 'restart-computer' }, append('A')],
      note('last', { command: ['program', '%A% %Password% %_SMSTSInWinPE%', '0', '0'] }),
    ],
  },
  'with failures that are gone on after': {
    steps: [
      ...[A, FORMAT, IMAGE],
      {
        ...{ group: 'fails', continueOnError: true },
        steps: [append('A'), flaky('broken', ALWAYS), append('A', { name: 'never' })],
      },
      { group: 'rescue', condition: { variable: '_SMSTSLastActionSucceeded', value: 'false' }, steps: [append('A')] },
      { ...append('A'), condition: { wql: 'SELECT * FROM Win32_Unknown' }, continueOnError: true },
      ...[RESTART, append('A', { condition: { variable: 'A', value: 'axx' } }), SETTINGS],
    ],
  },
  'that fails in the end': {
    steps: [A, PASSWORD, FORMAT, append('A'), IMAGE, RESTART, flaky('%A% %Password%', ALWAYS), append('A')],
  },
};

describe('a power cut at any write of the state', () => {
  it.each(Object.entries(CASES))('of a sequence %s ends in the same state', { timeout: 2 * MINUTE }, async (_, it) => {
    const uncut = await stateAfter(new PowerCut(0, 0), it);
    expect(uncut.cut).toBe(false);
    let at = 0;
    for (let cut = true; cut; ) {
      at++;
      for (const part of [0.5, 1]) {
        const after = await stateAfter(new PowerCut(at, part), it);
        ({ cut } = after);
        expect.soft(after.state, `cut at write ${at}, of which ${part} arrives`).toEqual(uncut.state);
      }
    }
    expect(at).toBeGreaterThan(10);
  });
});

async function stateAfter(cut: PowerCut, { steps, children }: (typeof CASES)[string]) {
  const machine = await Machine.withMedium(steps, runtime, children);
  return { cut: await runWithCut(machine, cut, { exec: programsOf(machine.ran) }), state: await wholeState(machine) };
}
