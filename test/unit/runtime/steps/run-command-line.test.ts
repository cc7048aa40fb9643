import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { exec } from '../../../../runtime/host/exec.ts';
import { type RunWish, runSteps } from '../../../helpers/run.ts';
import { runContent } from '../../../helpers/run-content.ts';

function sh(script: string, more: object = {}): object {
  return { step: 'run-command-line', command: ['sh', '-c', script], ...more };
}

/** Runs one command line with real programs. The log is without the command line. */
async function run(step: object, wish: RunWish = {}) {
  const { outcome, events, variables } = await runSteps([step], { exec, ...wish });
  return { outcome, events, variables, log: logOf(events).slice(1) };
}

function logOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.event === 'log' && event.level === 'info' ? [event.message] : []));
}

it('logs the command line, what the program says, and its exit code', async () => {
  const { outcome, events } = await run(sh('echo one; echo two'));
  expect(outcome).toEqual({ action: 'restart' });
  expect(logOf(events)).toEqual(['command line: sh -c echo one; echo two', 'one', 'two', 'exit code 0']);
});

it('keeps the command line for itself where OSDDoNotLogCommand says so', async () => {
  const variables = new Variables();
  variables.set('OSDDoNotLogCommand', 'True');
  const { events, outcome } = await run(sh('echo one; exit 3'), { variables });
  expect(logOf(events)[0]).toBe('command line: sh ...');
  expect(outcome.error).toMatchObject({ where: 'sh ...' });
});

describe('a command that is one text', () => {
  it('is taken apart by the rules of Windows', async () => {
    const { log } = await run({ step: 'run-command-line', command: 'printf "%s|" "a b" \'c d\' "say ""hi""" \\"x\\"' });
    expect(log[0]).toBe('a b|\'c|d\'|say "hi"|"x"|');
  });

  it('reaches Windows as it is written', async () => {
    const command = 'cmd.exe /c "echo ""a"" & exit 1"';
    const { calls } = await runContent([{ step: 'run-command-line', command }]);
    expect(calls[0]).toMatchObject({ argv: ['cmd.exe', '/c', 'echo "a" & exit 1'], options: { commandLine: command } });
  });

  it('of which nothing is left is an error', async () => {
    const variables = new Variables();
    variables.set('Blank', ' ');
    const { outcome } = await run({ step: 'run-command-line', command: '%Blank%' }, { variables });
    expect(outcome.error).toMatchObject({ code: 'STEP_FAILED', message: 'the command line is empty' });
  });
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

  it('is another where the step or its variable says so', async () => {
    expect((await run(sh('pwd', { workingDirectory: '/' }))).log[0]).toBe('/');
    const variables = new Variables();
    variables.set('WorkingDirectory', '/usr');
    expect((await run(sh('pwd', { workingDirectory: '/' }), { variables })).log[0]).toBe('/usr');
    const step = sh('pwd', { package: 'tools', workingDirectory: 'sub' });
    const { calls } = await runContent([step], { platformName: 'linux' });
    expect(calls[0]?.options.cwd).toMatch(/\/step-\w+\/sub$/);
  });
});

describe('the output variable', () => {
  it('receives the last 1000 characters, also of a failure', async () => {
    const step = sh('seq 1 1000; echo end >&2; exit 3', { outputVariable: 'Output' });
    const value = (await run(step)).variables.get('Output');
    expect(value).toHaveLength(1000);
    expect(value).toMatch(/\n999\n1000\nend$|\n999\n1000$/);
  });

  it('holds no secret', async () => {
    const variables = new Variables();
    variables.set('Password', 'hunter2', { secret: true });
    await run(sh('echo "it is %Password%"', { outputVariable: 'Output' }), { variables });
    expect(variables.get('Output')).toBe('it is ********');
  });

  it('is deleted by a program that says nothing', async () => {
    const variables = new Variables();
    variables.set('Output', 'old');
    await run(sh('true', { outputVariable: 'Output' }), { variables });
    expect(variables.get('Output')).toBeUndefined();
  });
});

it('shows a secret neither in its command line nor in its output nor in its error', async () => {
  const variables = new Variables();
  variables.set('Password', 'hunter"2', { secret: true });
  const { events, log } = await run(sh("echo 'got %Password%'; exit 9"), { variables });
  expect(log).toEqual(['got ********']);
  expect(events.at(-1)).toMatchObject({ outcome: 'failed', error: 'TOOL_FAILED: sh ended with exit code 9' });
  expect(JSON.stringify(events)).not.toMatch(/hunter/);
});
