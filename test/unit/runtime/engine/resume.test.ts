import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import type { Manifest } from '../../../../runtime/contract/manifest.ts';
import { asking, nobody } from '../../../helpers/asking.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { PowerCut } from '../../../helpers/power-cut.ts';
import { append, type Life, Machine } from '../../../helpers/restarting-machine.ts';
import { fail, note, outcomes } from '../../../helpers/run.ts';

const RESTART = { step: 'restart-computer', target: 'winpe' };
const SECRET = 'correct horse battery';
const MINUTE = 60_000;

/** Every kind of thing a journal remembers, on both sides of a restart. */
const STEPS = [
  { step: 'set-variable', variable: 'A', value: 'a' },
  { step: 'set-variable', variable: 'Password', value: SECRET, secret: true },
  { step: 'format-and-partition-disk' },
  append('A'),
  {
    group: 'fails',
    continueOnError: true,
    steps: [append('A'), fail('broken'), append('A', { name: 'never' })],
  },
  { group: 'rescue', condition: { variable: '_SMSTSLastActionSucceeded', value: 'false' }, steps: [append('A')] },
  { step: 'apply-operating-system', image: 'windows' },
  RESTART,
  append('A', { condition: { variable: 'A', value: 'axxx' } }),
  { step: 'apply-windows-settings', computerName: 'PC-%A%' },
  note('last', { command: ['note', '%A% %Password% %_SMSTSLastActionName%'] }),
];

const FINAL = `note axxxx ${SECRET} Apply Windows Settings`;

describe('a planned restart', () => {
  it('is survived: what was done is not done again, variables are what they were', async () => {
    const machine = await Machine.withMedium(STEPS);
    const first = await machine.start({ ask: nobody });
    expect(first.end).toBe('restart');
    expect(machine.continues()).toBe(true);
    expect(first.platform.deeds).toContain('arrangeRestart winpe');
    expect(machine.disk.starts).toBe(false);
    const second = await machine.start({ ask: nobody });
    expect(second.end).toBe('restart');
    expect(machine.continues()).toBe(false);
    expect(machine.ran).toEqual(['fail broken', FINAL]);
    expect(second.platform.deeds).not.toContain('partitionDisk /dev/nvme0n1');
    expect(machine.disk.starts).toBe(true);
    expect(await machine.answerFile()).toContain('<ComputerName>PC-axxxx</ComputerName>');
  });

  it('leaves no state behind once the sequence has ended', async () => {
    const machine = await Machine.withMedium(STEPS);
    await machine.runToEnd();
    expect(await new FakePlatform(machine.folder).findStates()).toEqual([]);
  });

  it('fails while there is no disk that could keep the state', async () => {
    const machine = await Machine.withMedium([RESTART, note('after')]);
    await machine.start();
    expect(machine.events.at(-1)).toMatchObject({ outcome: 'failed', code: 'STATE_INVALID' });
  });
});

describe('a power cut', () => {
  it('in the middle of an image has the volume formatted before it is applied again', async () => {
    const steps = [{ step: 'format-and-partition-disk' }, { step: 'apply-operating-system', image: 'windows' }];
    const machine = await Machine.withMedium(steps);
    // The state is first written when the disk is laid out; then comes "the image is begun", and then its end.
    await machine.start({ cut: new PowerCut(3, 0) });
    const { platform } = await machine.start();
    const deeds = platform.deeds.filter((deed) => /Image|formatVolume|partition/.test(deed));
    expect(deeds).toEqual(['formatVolume Windows', 'applyImage 1 to Windows']);
  });
});

describe('an interruption', () => {
  const interruptedAt = async (at: number): Promise<Machine> => {
    const machine = await Machine.withMedium(STEPS);
    const interruption = new AbortController();
    machine.onEvent = (number) => {
      if (number === at) interruption.abort(new MediasmithError('INTERRUPTED', 'interrupted by SIGTERM'));
    };
    await machine.start({ signal: interruption.signal });
    return machine;
  };

  it('at any event leaves a run that can be gone on with', { timeout: MINUTE }, async () => {
    const whole = await Machine.withMedium(STEPS);
    await whole.start();
    for (let at = 1; at < whole.events.length; at++) {
      const machine = await interruptedAt(at);
      await machine.runToEnd();
      expect.soft([at, machine.ran.at(-1)]).toEqual([at, FINAL]);
      expect.soft([at, machine.disk.starts]).toEqual([at, true]);
      expect.soft(await new FakePlatform(machine.folder).findStates()).toEqual([]);
    }
  });

  it('in the middle of a step is asked about, and the disk is not laid out again', async () => {
    const whole = await Machine.withMedium(STEPS);
    await whole.start();
    const log = whole.events.findIndex((event) => event.event === 'log' && event.message.includes('fail broken'));
    expect(log).toBeGreaterThan(0);
    const machine = await interruptedAt(log + 1);
    expect(machine.events.at(-1)).toMatchObject({ outcome: 'failed', code: 'INTERRUPTED' });
    const asked: string[] = [];
    const { platform } = await machine.start({
      ask: asking(async (question) => {
        asked.push(question);
        return 0;
      }),
    });
    expect(asked).toEqual([expect.stringContaining('was cut in the middle of "broken"')]);
    expect(platform.deeds.filter((deed) => deed.startsWith('partitionDisk'))).toEqual([]);
  });
});

describe('a state that was cut', () => {
  const steps = [{ step: 'format-and-partition-disk' }, note('one'), note('two')];
  const cutInTheMiddle = async (manifest: Partial<Manifest> = {}) => {
    const machine = await Machine.withMedium(steps, manifest);
    await machine.start({ cut: new PowerCut(2, 1) });
    return machine;
  };

  it('is asked about', async () => {
    const machine = await cutInTheMiddle();
    const asked: string[] = [];
    const again = asking(async (question) => {
      asked.push(question);
      return 1;
    });
    await machine.start({ ask: again });
    expect(asked).toEqual([expect.stringContaining('was cut in the middle of "one"')]);
    expect(outcomes(machine.events).filter((end) => end.startsWith('Format'))).toHaveLength(2);
  });

  it('is left alone when somebody says so', async () => {
    const machine = await cutInTheMiddle();
    await machine.start({ ask: asking(async () => 2) });
    expect(machine.events.at(-1)).toMatchObject({ outcome: 'failed', code: 'INTERRUPTED' });
    expect(await new FakePlatform(machine.folder).findStates()).toHaveLength(1);
  });

  it('is dropped where nobody is there to ask', async () => {
    const machine = await cutInTheMiddle({ unattended: true });
    await machine.start({ ask: nobody });
    expect(outcomes(machine.events)).toEqual([
      'Format and Partition Disk succeeded',
      'Format and Partition Disk succeeded',
      'one succeeded',
      'two succeeded',
    ]);
  });

  it('fails the step it was cut in where nobody can say that it may run again', async () => {
    const machine = await Machine.withMedium([note('one'), note('two')], { unattended: true });
    const windows = { platformName: 'windows', ask: nobody } as const;
    await machine.start({ ...windows, cut: new PowerCut(2, 1) });
    await machine.start(windows);
    expect(machine.events.at(-1)).toMatchObject({ code: 'STEP_INTERRUPTED' });
    expect(machine.ran).toEqual([]);
  });

  it.each<[string, (machine: Machine) => Promise<Life>, RegExp]>([
    [
      'the sequence has changed',
      async (machine) => {
        await machine.insert([...steps, note('three')]);
        return {};
      },
      /has changed since/,
    ],
    [
      'the disk was put into another machine',
      async () => ({ machine: aMachine({ uuid: 'other' }) }),
      /another machine/,
    ],
  ])('is not followed when %s', async (_, change, why) => {
    const machine = await cutInTheMiddle();
    await machine.start({ ...(await change(machine)), ask: nobody });
    const warnings = machine.events.flatMap((event) =>
      event.event === 'log' && event.level === 'warning' ? [event.message] : [],
    );
    expect(warnings).toContainEqual(expect.stringMatching(why));
  });
});

it('keeps secrets out of the state in clear', async () => {
  const machine = await Machine.withMedium(STEPS);
  await machine.start();
  const [state] = await new FakePlatform(machine.folder).findStates();
  const text = (await state?.read())?.toString('utf8') ?? '';
  expect(text).toContain('"name":"Password"');
  expect(text).not.toContain(SECRET);
  expect(JSON.stringify(machine.events)).not.toContain(SECRET);
});

it('keeps secrets out of the errors in it', async () => {
  const machine = await Machine.withMedium([
    { step: 'set-variable', variable: 'Password', value: SECRET, secret: true },
    { step: 'format-and-partition-disk' },
    fail('%Password%', { continueOnError: true }),
    RESTART,
    note('after'),
  ]);
  await machine.start();
  const [state] = await new FakePlatform(machine.folder).findStates();
  const text = (await state?.read())?.toString('utf8') ?? '';
  expect(text).toContain('TOOL_FAILED: fail ******** ended with exit code 1');
  expect(text).not.toContain(SECRET);
});

it('does not go on in the wrong place', async () => {
  const machine = await Machine.withMedium(STEPS);
  await machine.start();
  await machine.start({ platformName: 'windows' });
  expect(machine.events.at(-1)).toMatchObject({ code: 'STATE_INVALID' });
});
