import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import type { Ask } from '../../../../runtime/host/ask.ts';
import { folderState } from '../../../../runtime/platform/state-folder.ts';
import { nobody } from '../../../helpers/asking.ts';
import type { FakePlatform } from '../../../helpers/fake-platform.ts';
import { PowerCut } from '../../../helpers/power-cut.ts';
import { append, Machine } from '../../../helpers/restarting-machine.ts';
import { fail, note, outcomes, runSteps, scriptedExec } from '../../../helpers/run.ts';

const FORMAT = { step: 'format-and-partition-disk' };
const RESTART = { step: 'restart-computer', target: 'winpe' };
const UNKNOWN = { wql: 'SELECT * FROM Win32_Unknown' };
const MINUTE = 60_000;

/** Presses R at the first failure, and nothing later. */
function retryOnce(): Ask {
  let pressed = 0;
  return { ...nobody, key: async () => (pressed++ === 0 ? 'R' : undefined) };
}

describe('after a restart', () => {
  it('what was passed over because of where it runs is not made up for', async () => {
    const machine = await Machine.withMedium([
      note('in the boot environment', { runIn: 'winpe' }),
      { step: 'restart-computer', target: 'full-os' },
      { step: 'restart-computer', target: 'winpe' },
      note('last'),
    ]);
    // The running Windows keeps its state where it is, wherever the sequence goes on.
    const change = (platform: FakePlatform) => {
      platform.openState = async () => folderState(platform.volume('C'), 'C');
    };
    await machine.start({ platformName: 'windows', ask: nobody, change });
    await machine.start({ platformName: 'windows', ask: nobody, change });
    expect(machine.continues()).toBe(true);
    expect(machine.ran).toEqual([]);
    await machine.start({ platformName: 'linux', ask: nobody });
    expect(machine.ran).toEqual(['note last']);
  });

  it('a condition that could not be evaluated is not asked again, of a step nor of a group', async () => {
    const machine = await Machine.withMedium([
      FORMAT,
      note('step', { condition: UNKNOWN, continueOnError: true }),
      { group: 'group', condition: UNKNOWN, continueOnError: true, steps: [note('in it')] },
      RESTART,
      note('last'),
    ]);
    await machine.start({ ask: nobody });
    await machine.start({ ask: nobody });
    expect(JSON.stringify(machine.events).match(/CONDITION_NOT_EVALUATED[^"]*/g)?.length).toBe(3);
    expect(machine.ran).toEqual(['note last']);
  });

  it('a child sequence that has failed for good is not tried again', async () => {
    const child = { step: 'run-sequence', sequence: 'child', retry: { count: 1 }, continueOnError: true };
    const children = { child: [fail('broken'), note('never')] };
    const machine = await Machine.withMedium([FORMAT, child, RESTART, note('last')], {}, children);
    await machine.start({ ask: nobody });
    expect(machine.ran).toEqual(['fail broken', 'fail broken']);
    await machine.start({ ask: nobody });
    expect(machine.ran).toEqual(['fail broken', 'fail broken', 'note last']);
  });

  it('and after a thousand more, a sequence still ends', { timeout: MINUTE }, async () => {
    const { ran, starts } = await restartMany(1000);
    expect([ran, starts]).toEqual([['note last'], 1001]);
  });

  async function restartMany(times: number) {
    const machine = await Machine.withMedium([FORMAT, ...Array.from({ length: times }, () => RESTART), note('last')]);
    let starts = 0;
    do {
      await machine.start({ ask: nobody });
      starts++;
    } while (machine.continues() && starts <= times + 1);
    return { ran: machine.ran, starts };
  }
});

describe('a step that asks for a restart and another try', () => {
  const again = (more: object = {}) => ({
    step: 'set-dynamic-variables',
    name: 'again',
    rules: [
      {
        variables: [
          { name: 'SMSTSRetryRequested', value: 'true' },
          { name: 'SMSTSRebootRequested', value: 'WinPE' },
        ],
      },
    ],
    ...more,
  });

  it('for ever fails in the end', { timeout: MINUTE }, async () => {
    const machine = await Machine.withMedium([FORMAT, again(), note('after')]);
    let starts = 0;
    do {
      await machine.start({ ask: nobody });
      starts++;
    } while (machine.continues() && starts < 1000);
    expect(starts).toBe(200);
    expect(machine.events.at(-1)).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('it has asked 200 times for a restart and another try'),
    });
    expect(machine.ran).toEqual([]);
  });

  it('gets none when it fails', async () => {
    const machine = await Machine.withMedium([
      FORMAT,
      { step: 'set-variable', variable: 'SMSTSRebootRequested', value: '' },
      fail('asks', { continueOnError: true }),
      note('after'),
    ]);
    const ran: string[] = [];
    const exec = scriptedExec(ran);
    await machine.start({ ask: nobody, exec });
    expect([ran, machine.continues()]).toEqual([['fail asks', 'note after'], false]);
  });
});

describe('a restart that is cut', () => {
  const TO_WINDOWS = [
    FORMAT,
    { step: 'apply-operating-system', image: 'windows' },
    { step: 'apply-windows-settings', computerName: 'PC' },
    append('A'),
    { step: 'setup-windows' },
    note('in Windows', { command: ['note', '%A% %_SMSTSInWinPE%'] }),
  ];
  const runtime = { windowsRuntimes: [{ architecture: 'x64' as const, file: 'mediasmith/images/windows.wim' }] };

  it('on its way into the installed Windows goes there all the same', { timeout: MINUTE }, async () => {
    const never = new PowerCut(0, 0);
    const whole = await Machine.withMedium(TO_WINDOWS, runtime);
    await whole.start({ cut: never, ask: nobody });
    expect(whole.events.at(-1)).toMatchObject({ continues: 'full-os' });
    for (let at = never.writes - 3; at <= never.writes; at++) {
      for (const part of [0, 0.5, 1]) {
        const machine = await Machine.withMedium(TO_WINDOWS, runtime);
        const { end } = await machine.start({ cut: new PowerCut(at, part) });
        expect.soft([at, part, end]).toEqual([at, part, 'cut']);
        if (!(at === never.writes && part === 1)) {
          await machine.start();
          expect.soft([at, part, machine.events.at(-1)]).toMatchObject([at, part, { continues: 'full-os' }]);
        }
        expect.soft(machine.ran).toEqual([]);
        expect.soft([at, part, machine.disk.starts]).toEqual([at, part, true]);
        await machine.start({ platformName: 'windows', ask: nobody });
        expect.soft([at, part, machine.ran]).toEqual([at, part, ['note %A%x false']]);
      }
    }
  });
});

describe('a retry by hand', () => {
  it('is of the group whose condition could not be evaluated, and of no step before it', async () => {
    const group = { group: 'asks', condition: UNKNOWN, steps: [note('in it')] };
    const asked: string[] = [];
    const { events, ran } = await runSteps([note('before'), group], {
      onFailure: async ({ step }) => {
        asked.push(step);
        return asked.length === 1 ? 'retry' : 'end';
      },
    });
    expect(asked).toEqual(['asks', 'asks']);
    expect(ran).toEqual(['note before']);
    expect(outcomes(events)).toEqual(['before succeeded']);
  });

  it('of an image formats the volume first, as any attempt after the first does', async () => {
    const steps = [FORMAT, { step: 'apply-operating-system', image: 'windows' }];
    let attempts = 0;
    const machine = await Machine.withMedium(steps);
    const { platform } = await machine.start({
      ask: retryOnce(),
      change: (platform) => {
        const { applyImage } = platform;
        platform.applyImage = async (...args) => {
          await applyImage.apply(platform, args);
          if (++attempts === 1) throw new MediasmithError('IMAGE_APPLY_FAILED', 'the medium cannot be read');
        };
      },
    });
    expect(platform.deeds.filter((deed) => /Image|formatVolume/.test(deed))).toEqual([
      'applyImage 1 to Windows',
      'formatVolume Windows',
      'applyImage 1 to Windows',
    ]);
    expect(machine.events.at(-1)).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('an interruption', () => {
  const STEPS = [
    FORMAT,
    append('A', { retry: { count: 2, delaySeconds: 1 } }),
    { group: 'a group', continueOnError: true, steps: [fail('one', { retry: { count: 3 } }), note('two')] },
    { step: 'apply-operating-system', image: 'windows' },
    { step: 'restart-computer', target: 'winpe', delaySeconds: 5 },
    note('last'),
  ];

  it('at any event ends the run with its reason, and never by a throw', { timeout: MINUTE }, async () => {
    const whole = await Machine.withMedium(STEPS);
    await whole.start({ ask: nobody });
    const count = whole.events.length;
    expect(count).toBeGreaterThan(30);
    for (let at = 1; at <= count; at++) {
      const interruption = new AbortController();
      const machine = await Machine.withMedium(STEPS);
      machine.onEvent = (number) => {
        if (number === at) interruption.abort(new MediasmithError('INTERRUPTED', 'interrupted by a signal'));
      };
      const { end } = await machine.start({ ask: nobody, signal: interruption.signal });
      expect.soft([at, ['shell', 'restart'].includes(end)]).toEqual([at, true]);
      const last = machine.events.at(-1);
      expect.soft([at, last?.event]).toEqual([at, 'finished']);
      if (last?.event === 'finished' && last.outcome === 'failed')
        expect.soft([at, last.code]).toEqual([at, 'INTERRUPTED']);
      expect.soft([at, machine.ran.includes('note last')]).toEqual([at, false]);
    }
  });
});

it('steps and groups nested deep, with names of every kind, run as any others', async () => {
  let inner: object = note('inside');
  for (let depth = 0; depth < 60; depth++) inner = { group: `%A% __proto__ ${depth}`, steps: [inner] };
  const { ran, outcome } = await runSteps([inner]);
  expect([ran, outcome.error]).toEqual([['note inside'], undefined]);
});
