import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import type { Exec } from '../../../../runtime/host/exec.ts';
import { note, outcomes, runSteps } from '../../../helpers/run.ts';

const child = (more: object = {}) => ({ step: 'run-sequence', name: 'child', sequence: 'child', ...more });

/** Notes what runs; `flaky` fails as often as told. */
function flaky(times: number): { exec: Exec; ran: string[] } {
  const ran: string[] = [];
  let left = times;
  const exec: Exec = async (argv) => {
    ran.push(argv.join(' '));
    if (argv[1] === 'flaky' && left-- > 0) throw new MediasmithError('TOOL_FAILED', 'not yet');
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  return { exec, ran };
}

describe('a child sequence', () => {
  const children = { child: [note('first'), note('flaky'), note('last')] };

  it('is tried again from the step that has failed', async () => {
    const { exec, ran } = flaky(2);
    const steps = [child({ retry: { count: 2, delaySeconds: 1 } }), note('after')];
    const { outcome } = await runSteps(steps, { children, exec });
    expect(outcome.error).toBeUndefined();
    expect(ran).toEqual(['first', 'flaky', 'flaky', 'flaky', 'last', 'after'].map((word) => `note ${word}`));
  });

  it('is not tried more often than its step says, and its failure is one to go on after', async () => {
    const { exec, ran } = flaky(9);
    const steps = [child({ retry: { count: 1 }, continueOnError: true }), note('after')];
    const { outcome } = await runSteps(steps, { children, exec });
    expect(outcome.error).toBeUndefined();
    expect(ran).toEqual(['first', 'flaky', 'flaky', 'after'].map((word) => `note ${word}`));
  });

  it('is ended after its time, with the step that runs', async () => {
    const exec: Exec = (argv, options) =>
      new Promise((resolve, reject) => {
        if (argv[1] !== 'first') resolve({ exitCode: 0, stdout: '', stderr: '' });
        options?.signal?.addEventListener('abort', () => reject(new MediasmithError('INTERRUPTED', 'interrupted')));
      });
    const { outcome, events } = await runSteps([child({ timeoutSeconds: 1 }), note('after')], { children, exec });
    expect(outcome.error).toMatchObject({ code: 'STEP_TIMEOUT', message: '"child" was ended after 1 s' });
    expect(outcomes(events)).toEqual(['first failed']);
  });

  it('runs where its step says, and its steps are skipped elsewhere', async () => {
    const variables = new Variables();
    variables.set('_SMSTSInWinPE', 'true');
    const here = await runSteps([child({ runIn: 'winpe' })], { children, variables });
    expect(outcomes(here.events)).toEqual(['first succeeded', 'flaky succeeded', 'last succeeded']);
    const elsewhere = await runSteps([child({ runIn: 'full-os' }), note('after')], { children, variables });
    expect([elsewhere.ran, elsewhere.outcome.error]).toEqual([['note after'], undefined]);
    expect(outcomes(elsewhere.events)).toContain('flaky skipped');
  });

  it('that stands there twice runs twice', async () => {
    const { exec, ran } = flaky(0);
    await runSteps([child(), child({ enabled: false }), child()], { children, exec });
    expect(ran).toHaveLength(6);
  });

  it('may have children a hundred deep', async () => {
    const deep = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [
        `c${at}`,
        [at === 99 ? note('deep') : { step: 'run-sequence', sequence: `c${at + 1}` }],
      ]),
    );
    const { ran, outcome } = await runSteps([{ step: 'run-sequence', sequence: 'c0' }], { children: deep });
    expect([ran, outcome.error]).toEqual([['note deep'], undefined]);
  });
});
