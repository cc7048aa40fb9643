import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import type { Exec } from '../../../../runtime/host/exec.ts';
import { aJournal, note, outcomes, runSteps } from '../../../helpers/run.ts';
import { type ContentWish, runContent } from '../../../helpers/run-content.ts';

const INSTALL = { step: 'install-application', applications: ['app'] };
const APP: ContentWish = { applications: [{ command: 'setup.exe' }] };
const ending = (exitCode: number): ContentWish => ({
  ...APP,
  answer: ({ argv }) => ({ exitCode: argv[0] === 'setup.exe' ? exitCode : 0, lines: ['what it says'] }),
});
const READY = { step: 'check-readiness', memory: '900000 GB' };

/** How the first step has ended, and what the variables say of it. */
async function end(step: object, wish: ContentWish) {
  const { events, variables, ...run } = await runContent([step], wish);
  const [outcome] = outcomes(events).map((text) => text.split(' ').at(-1));
  const said = ['_SMSTSLastActionSucceeded', '_SMSTSLastActionRetCode'].map((name) => variables.get(name));
  return { outcome: [outcome, ...said].join(' '), events, run };
}

describe('a step that judges its programs itself', () => {
  it('fails by their codes', async () => {
    expect((await end(INSTALL, ending(5))).outcome).toBe('failed false 5');
    expect((await end({ ...INSTALL, successCodes: [0, 6] }, ending(5))).outcome).toBe('failed false 5');
  });

  it('has not failed where the sequence calls the code a success; the log says so, and the code is kept', async () => {
    const { outcome, events, run } = await end({ ...INSTALL, successCodes: [0, 5], retry: { count: 3 } }, ending(5));
    expect(outcome).toBe('succeeded true 5');
    expect(run.ran.filter((line) => line === 'setup.exe')).toHaveLength(1);
    const warnings = events.flatMap((event) =>
      event.event === 'log' && event.level === 'warning' ? [event.message] : [],
    );
    expect(warnings[0]).toMatch(
      /^exit code 5 is one of its success codes: it has not failed by TOOL_FAILED: setup.exe/,
    );
    expect(warnings).toContain('what it says');
    expect(events).not.toContainEqual(expect.objectContaining({ event: 'log', level: 'error' }));
  });

  it('takes codes above 2^31 with a sign and without', async () => {
    for (const written of [-2147024891, 2147942405]) {
      for (const code of [-2147024891, 2147942405]) {
        expect((await end({ ...INSTALL, successCodes: [written] }, ending(code))).outcome).toBe(
          `succeeded true ${code}`,
        );
      }
    }
  });

  it('3010 restarts the machine, and the sequence goes on after it', async () => {
    const { outcome } = await runContent([{ ...INSTALL, successCodes: [3010] }, note('after')], ending(3010));
    expect(outcome).toMatchObject({ action: 'restart', continues: 'full-os' });
  });

  it('a code of its own counts as one of a program', async () => {
    expect((await end({ ...READY, successCodes: [4316] }, {})).outcome).toBe('succeeded true 4316');
    expect((await end(READY, {})).outcome).toBe('failed false 4316');
  });

  it('has failed where no program has', async () => {
    const step = { ...INSTALL, applications: ['not there'], successCodes: [0, 1] };
    expect((await end(step, APP)).outcome).toBe('failed false 1');
  });

  it('0 makes no failure a success', async () => {
    const exec: Exec = async () => {
      throw new MediasmithError('STEP_FAILED', 'it has ended well and done nothing', { exitCode: 0 });
    };
    const manifest = {
      applications: [{ name: 'app', package: 'tools', command: 'a', successCodes: [0], dependsOn: [] }],
    };
    const { events } = await runSteps([{ ...INSTALL, successCodes: [0, 5] }], { exec, manifest });
    expect(outcomes(events)).toEqual(['Install Application failed']);
  });

  it('an interruption is none, whatever the program ends with', async () => {
    const interrupt = new AbortController();
    const { outcome, events } = await runSteps(
      [{ ...READY, freeDiskSpace: '1 GB', successCodes: [4316] }, note('after')],
      {
        signal: interrupt.signal,
        change: (platform) => {
          platform.freeSpace = async () => {
            interrupt.abort(new MediasmithError('INTERRUPTED', 'interrupted'));
            return 0;
          };
        },
      },
    );
    expect([outcomes(events), outcome.error]).toMatchObject([['Check Readiness failed'], { exitCode: 4316 }]);
  });

  it('is not run again when the run goes on after it', async () => {
    const journal = aJournal();
    const steps = [{ ...READY, successCodes: [4316] }];
    await runSteps(steps, { journal });
    const { events, variables, outcome } = await runSteps(steps, { journal });
    expect([outcomes(events), outcome.error]).toEqual([[], undefined]);
    expect(journal.memory.variables.get('_smstslastactionretcode')?.value).toBe('4316');
    expect(variables.get('_SMSTSLastActionRetCode')).toBeUndefined();
  });
});

it('of a step that runs a program for its author the code is kept too', async () => {
  const step = { step: 'run-command-line', command: 'setup.exe', successCodes: [0, 5] };
  expect((await end(step, ending(5))).outcome).toBe('succeeded true 5');
  expect((await end(step, ending(0))).outcome).toBe('succeeded true 0');
  expect((await end(step, ending(6))).outcome).toBe('failed false 6');
});
