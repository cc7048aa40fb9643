import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { exec } from '../../../../runtime/host/exec.ts';
import { type RunWish, runSteps } from '../../../helpers/run.ts';

function sh(script: string, more: object = {}): object {
  return { step: 'run-command-line', command: ['sh', '-c', script], ...more };
}

/** Runs one command line with real programs. */
async function run(step: object, wish: RunWish = {}) {
  const { outcome, events } = await runSteps([step], { exec, ...wish });
  return { outcome, events, log: logOf(events) };
}

function logOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.event === 'log' && event.level === 'info' ? [event.message] : []));
}

it('logs what the program says, and its exit code', async () => {
  const { outcome, log } = await run(sh('echo one; echo two'));
  expect(outcome).toEqual({ action: 'restart' });
  expect(log).toEqual(['one', 'two', 'exit code 0']);
});

describe('the exit code', () => {
  it('fails the step unless it means success', async () => {
    expect((await run(sh('exit 3'))).outcome.error).toMatchObject({
      code: 'TOOL_FAILED',
      message: 'sh ended with exit code 3',
    });
    expect((await run(sh('exit 3', { successCodes: [0, 3] }))).outcome.error).toBeUndefined();
    expect((await run(sh('exit 0', { successCodes: [3] }))).outcome.error).toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('does not come where the program is missing', async () => {
    const { outcome } = await run({ step: 'run-command-line', command: ['no-such-program'] });
    expect(outcome.error).toMatchObject({ code: 'TOOL_MISSING' });
  });

  it('does not come where the time is over', async () => {
    const { outcome, events } = await run(sh('sleep 30; true', { timeoutSeconds: 1 }));
    expect(outcome.error).toMatchObject({ code: 'STEP_TIMEOUT' });
    expect(events.at(-1)).toMatchObject({ event: 'step-finished', outcome: 'failed' });
  });
});

describe('the folder', () => {
  it('is a new one that is gone afterwards', async () => {
    const before = await readdir(tmpdir());
    const { log } = await run(sh('ls -A; touch left; pwd'));
    expect(log).toHaveLength(2);
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('step-') && !before.includes(name));
    expect(left).not.toContain(log[0]?.split('/').at(-1));
  });

  it('holds the package that was asked for', async () => {
    expect((await run(sh('cat unpacked.txt; echo', { package: 'tools' }))).log[0]).toMatch(/content\.wim 1$/);
  });

  it('is not made from a package the medium does not have', async () => {
    expect((await run(sh('true', { package: 'none' }))).outcome.error).toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      hint: 'It has: tools.',
    });
  });
});

it('shows a secret neither in its output nor in its error', async () => {
  const variables = new Variables();
  variables.set('Password', 'hunter2', { secret: true });
  const { events, log } = await run(sh('echo "got %Password%"; test %Password% = hunter2 && exit 9'), { variables });
  expect(log).toEqual(['got ********']);
  expect(events.at(-1)).toMatchObject({ outcome: 'failed', error: 'TOOL_FAILED: sh ended with exit code 9' });
  expect(JSON.stringify(events)).not.toContain('hunter2');
});
