import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { OperatingSystem } from '../../../../runtime/contract/machine.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { fail, note, outcomes, runSteps } from '../../../helpers/run.ts';

const CONTINUE = { continueOnError: true };
const PARTITION = { step: 'format-and-partition-disk' };
const APPLY = { step: 'apply-operating-system', image: 'windows' };

describe('a step that fails', () => {
  // Microsoft's worked example ("Planning considerations for automating tasks"): two groups of three steps.
  it('ends its group, and the sequence unless its group is continued after', async () => {
    const first = { group: '1', ...CONTINUE, steps: [fail('1', CONTINUE), fail('2'), note('3')] };
    const second = { group: '2', steps: [fail('4'), note('5'), note('6')] };
    const { outcome, ran } = await runSteps([first, second]);
    expect(ran).toEqual(['fail 1', 'fail 2', 'fail 4']);
    expect(outcome).toMatchObject({ action: 'shell', error: { code: 'TOOL_FAILED' } });
  });

  it('goes upward until a group is continued after', async () => {
    const inner = { group: 'inner', steps: [fail('a'), note('b')] };
    const outer = { group: 'outer', ...CONTINUE, steps: [inner, note('c')] };
    const { outcome, ran } = await runSteps([outer, note('d')]);
    expect(ran).toEqual(['fail a', 'note d']);
    expect(outcome).toEqual({ action: 'restart' });
  });

  it('leaves the machine as the sequence says', async () => {
    expect((await runSteps([fail('a')], { end: 'shutdown' })).outcome.action).toBe('shutdown');
  });

  it('because of a bug is reported with its stack', async () => {
    const exec = () => Promise.reject(new TypeError('a bug of ours'));
    const { events, outcome } = await runSteps([note('a')], { exec });
    expect(outcome.error).toBeInstanceOf(TypeError);
    const logged = events.flatMap((event) => (event.event === 'log' && event.level === 'error' ? [event.message] : []));
    expect(logged).toEqual(['a bug of ours', expect.stringContaining('TypeError: a bug of ours\n    at ')]);
  });

  it('does not run on a platform it is not made for', async () => {
    const { outcome } = await runSteps([{ step: 'apply-driver-package', package: 'tools' }], {
      platformName: 'windows',
    });
    expect(outcome.error).toMatchObject({ message: 'Apply Driver Package does not run on windows' });
  });
});

describe('what is passed over', () => {
  const when = (variable: string) => ({ condition: { variable, operator: 'exists' } });

  it('are steps and groups whose condition does not hold, each step of them said to be skipped', async () => {
    const steps = [
      note('a', when('No')),
      { group: 'G', ...when('No'), steps: [note('b'), { group: 'H', steps: [note('c')] }] },
      { step: 'set-variable', name: 'd', variable: 'Yes', value: '1' },
      note('e', when('Yes')),
    ];
    const { events, ran } = await runSteps(steps);
    expect(ran).toEqual(['note e']);
    expect(outcomes(events)).toEqual(['a skipped', 'b skipped', 'c skipped', 'd succeeded', 'e succeeded']);
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'log', message: 'condition of "G": No (not set) exists is false' }),
    );
  });

  it('are steps and groups that are disabled, of which nothing is said or counted', async () => {
    const steps = [
      note('a', { enabled: false }),
      { group: 'G', enabled: false, steps: [note('b')] },
      { group: 'H', ...when('No'), steps: [note('c', { enabled: false }), note('d')] },
      note('e'),
    ];
    const { events } = await runSteps(steps);
    expect(outcomes(events)).toEqual(['d skipped', 'e succeeded']);
    expect(events[0]).toMatchObject({ event: 'sequence-started', steps: 2 });
  });
});

it('numbers events over the whole sequence, through groups and what is skipped', async () => {
  const steps = [
    note('a'),
    { group: 'G', ...CONTINUE, steps: [fail('b'), note('never')] },
    { group: 'H', condition: { variable: 'No', operator: 'exists' }, steps: [note('c')] },
    note('d'),
  ];
  const { events } = await runSteps(steps);
  const numbered = events.flatMap((event) =>
    event.event === 'step-started' || event.event === 'step-finished'
      ? [`${event.event.slice(5)} ${event.index}/${event.of} ${event.name}`]
      : [],
  );
  expect(numbered).toEqual([
    'started 1/5 a',
    'finished 1/5 a',
    'started 2/5 b',
    'finished 2/5 b',
    'finished 4/5 c',
    'started 5/5 d',
    'finished 5/5 d',
  ]);
});

describe('variables', () => {
  const last = (word: string) => note('last', { command: ['note', word] });
  const LAST = last('%_SMSTSLastActionName% %_SMSTSLastActionSucceeded% %_SMSTSCurrentActionName%');

  it('say how the last step that ran has ended', async () => {
    const skipped = note('skipped', { condition: { variable: 'No', operator: 'exists' } });
    const { ran } = await runSteps([LAST, fail('bad', CONTINUE), skipped, LAST, LAST]);
    expect(ran).toEqual([
      'note %_SMSTSLastActionName% %_SMSTSLastActionSucceeded% last',
      'fail bad',
      'note bad false last',
      'note last true last',
    ]);
  });

  it('let a group run after a failure', async () => {
    const condition = { variable: '_SMSTSLastActionSucceeded', value: 'false' };
    const rescue = { group: 'rescue', condition, steps: [note('copy the logs')] };
    const { ran } = await runSteps([{ group: 'body', ...CONTINUE, steps: [fail('a'), note('b')] }, rescue]);
    expect(ran).toEqual(['fail a', 'note copy the logs']);
  });

  it('are replaced when the step runs and not before', async () => {
    const set = { step: 'set-variable', variable: 'A', value: 'x' };
    expect((await runSteps([note('', { name: 'n', command: ['note', '%A%'] }), set, note('%A%')])).ran).toEqual([
      'note %A%',
      'note x',
    ]);
  });

  it('whose value an option cannot take fail the step with the reason', async () => {
    const variables = new Variables();
    variables.set('Name', 'much too long for a computer');
    const { outcome } = await runSteps([{ step: 'apply-windows-settings', computerName: '%Name%' }], { variables });
    expect(outcome.error).toMatchObject({
      code: 'STEP_FAILED',
      lines: ['computerName: at most 15 letters, digits or -, or * for a random name'],
    });
  });
});

describe('an interruption', () => {
  it.each([undefined, new MediasmithError('INTERRUPTED', 'by SIGTERM')])(
    'is no error to go on after (%s)',
    async (reason) => {
      const interrupt = new AbortController();
      const ran: string[] = [];
      const exec = async (argv: readonly string[]) => {
        ran.push(argv.join(' '));
        interrupt.abort(reason);
        throw new Error('the program was ended');
      };
      const group = { group: 'G', ...CONTINUE, steps: [note('a', CONTINUE), note('b', CONTINUE)] };
      const { outcome } = await runSteps([group, note('c', CONTINUE)], { exec, signal: interrupt.signal });
      expect(ran).toEqual(['note a']);
      expect(outcome.action).toBe('shell');
      expect(outcome.error).toBeDefined();
    },
  );

  it('is met before the next step, whatever the step before made of it', async () => {
    const interrupt = new AbortController();
    const exec = async () => {
      interrupt.abort();
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    const { events, outcome } = await runSteps([note('a'), note('b', CONTINUE)], { exec, signal: interrupt.signal });
    expect(outcomes(events)).toEqual(['a succeeded', 'b failed']);
    expect(outcome.action).toBe('shell');
  });

  it('of the last step keeps the disk from starting', async () => {
    const interrupt = new AbortController();
    const exec = async () => {
      interrupt.abort();
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    const { outcome, platform } = await runSteps([PARTITION, APPLY, note('a')], { exec, signal: interrupt.signal });
    expect(outcome.error).toBeDefined();
    expect(platform.disk.starts).toBe(false);
  });

  it('ends a restart that waits', async () => {
    const interrupt = new AbortController();
    const exec = async () => {
      queueMicrotask(() => interrupt.abort());
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    const restart = { step: 'restart-computer', delaySeconds: 600, ...CONTINUE };
    const { outcome } = await runSteps([note('a'), restart], { exec, signal: interrupt.signal });
    expect(outcome.action).toBe('shell');
  });
});

describe('the handover', () => {
  const deeds = (all: readonly string[]) => all.slice(all.indexOf('prepareBoot') + 1);

  it('comes when all steps have ended well, the last registered first', async () => {
    const { outcome, platform } = await runSteps([PARTITION, APPLY, note('a')]);
    expect(outcome).toEqual({ action: 'restart' });
    expect(deeds(platform.deeds)).toEqual(['mount Windows write', 'unmount Windows', 'activateBoot']);
    expect(platform.disk).toMatchObject({ starts: true, claim: undefined });
  });

  it('comes also when the log is gone', async () => {
    const { outcome, platform, events } = await runSteps([PARTITION, APPLY], { logFile: '/gone/smsts.log' });
    expect(outcome).toEqual({ action: 'restart' });
    expect(platform.disk.starts).toBe(true);
    expect(JSON.stringify(events)).toContain('the log could not be left on the disk: ENOENT');
  });

  it('does not come when a step has failed: the disk does not start and keeps its claim', async () => {
    const { platform } = await runSteps([PARTITION, APPLY, fail('a')]);
    expect(deeds(platform.deeds)).toEqual([]);
    expect(platform.disk).toMatchObject({ starts: false, claim: '3b241101-e2bb-4255-8caf-4136c566a962' });
  });

  it('comes when the failure was one to go on after', async () => {
    expect((await runSteps([PARTITION, APPLY, fail('a', CONTINUE)])).platform.disk.starts).toBe(true);
  });

  it('that fails fails the sequence, and what is behind it does not happen', async () => {
    const { outcome, platform } = await runSteps([PARTITION, APPLY], {
      change: (fake) => {
        fake.activateBoot = async () => Promise.reject(new MediasmithError('BOOT_FILES_MISSING', 'none'));
      },
      end: 'shutdown',
    });
    expect(outcome).toMatchObject({ action: 'shutdown', error: { code: 'BOOT_FILES_MISSING' } });
    expect(platform.disk.starts).toBe(false);
  });

  it('comes before a restart that is the last', async () => {
    const restart = { step: 'restart-computer' };
    const steps = [PARTITION, APPLY, { group: 'G', steps: [restart] }, note('off', { enabled: false })];
    const { outcome, platform } = await runSteps(steps, { end: 'shutdown' });
    expect([outcome, platform.disk.starts]).toEqual([{ action: 'restart' }, true]);
  });
});

describe('a restart into a Windows that knows nothing of the sequence', () => {
  const asked = (value: string) => ({ step: 'set-variable', variable: 'SMSTSRebootRequested', value });
  const IN_WINDOWS = { condition: { variable: '_SMSTSInWinPE', value: 'false' } };

  it.each([
    ['asked for by a variable', [asked('HD')]],
    ['of Restart Computer', [{ group: 'G', steps: [{ step: 'restart-computer' }] }]],
  ])('%s is a failure while steps are left: the disk does not start', async (_, steps) => {
    const left = [note('inside'), note('outside', { runIn: 'full-os' })];
    const { outcome, platform, ran, events } = await runSteps([PARTITION, APPLY, ...steps, ...left], {
      end: 'shutdown',
    });
    expect(outcome).toMatchObject({
      action: 'shutdown',
      error: {
        code: 'SEQUENCE_INVALID',
        message: expect.stringContaining('"inside" and 1 more would never run'),
        hint: expect.stringContaining('setup-windows'),
      },
    });
    expect([ran, platform.disk.starts]).toEqual([[], false]);
    expect(JSON.stringify(events)).toContain('which knows nothing of this sequence');
  });

  it('is one too where the step that asked is to run again there', async () => {
    const again = { step: 'set-variable', variable: 'SMSTSRetryRequested', value: 'true' };
    const { outcome } = await runSteps([PARTITION, again, asked('HD')]);
    expect(outcome).toEqual({ action: 'restart' });
    const both = [
      { name: 'SMSTSRetryRequested', value: 'true' },
      { name: 'SMSTSRebootRequested', value: 'HD' },
    ];
    const step = { step: 'set-dynamic-variables', name: 'again', rules: [{ variables: both }] };
    expect((await runSteps([PARTITION, step])).outcome.error).toMatchObject({
      message: expect.stringContaining('"again" would never run'),
    });
  });

  it('is none where what is left is for a start in Windows', async () => {
    const steps = [PARTITION, asked('HD'), note('a', { runIn: 'full-os' }), note('b', IN_WINDOWS)];
    expect((await runSteps(steps, { startsIn: 'any' })).outcome).toEqual({ action: 'restart' });
    expect((await runSteps(steps)).outcome.error).toMatchObject({ code: 'SEQUENCE_INVALID' });
  });

  it.each([
    ['it is for a failure that has not happened', { variable: '_SMSTSLastActionSucceeded', value: 'false' }],
    ['a variable of the sequence rules it out', { variable: 'Site', value: 'Berlin' }],
    ['parts of it rule it out', { any: [{ none: [{ variable: 'Site', value: 'Oslo' }] }, { variable: 'Unset' }] }],
  ])('is none where what is left would not have its turn: %s', async (_, condition) => {
    const steps = [PARTITION, { step: 'set-variable', variable: 'Site', value: 'Oslo' }, asked('HD')];
    const left = [note('a', { condition }), { group: 'G', condition, steps: [note('b')] }];
    expect((await runSteps([...steps, ...left])).outcome).toEqual({ action: 'restart' });
  });

  it.each([
    ['that holds', { variable: 'Site', value: 'Oslo' }],
    ['on where it runs', { variable: '_SMSTSInWinPE', operator: 'notEquals', value: 'true' }],
    ['on the machine', { all: [{ variable: 'Site', value: 'Oslo' }, { folder: 'C:\\nowhere' }] }],
  ])('is one where a step has a condition %s', async (_, condition) => {
    const steps = [PARTITION, { step: 'set-variable', variable: 'Site', value: 'Oslo' }, asked('HD')];
    expect((await runSteps([...steps, note('a', { condition })])).outcome.error).toMatchObject({
      message: expect.stringContaining('"a" would never run'),
    });
  });

  it('may be tried again by somebody who is there', async () => {
    const failures: string[] = [];
    const { outcome } = await runSteps([PARTITION, asked('HD'), note('a')], {
      onFailure: async ({ step }) => {
        failures.push(step);
        return failures.length < 3 ? 'retry' : 'end';
      },
    });
    expect([failures, outcome.action]).toEqual([Array(3).fill('Set Task Sequence Variable'), 'shell']);
  });
});

describe('before a disk is touched', () => {
  it('an image that would not fit is refused', async () => {
    const machine = aMachine({ disks: [aDisk({ bytes: Math.round(2.2 * 1024 ** 3) })] });
    const { outcome, platform } = await runSteps([PARTITION, APPLY], { machine });
    expect(outcome.error).toMatchObject({ code: 'VOLUME_TOO_SMALL' });
    expect(platform.disk.starts).toBe(true);
  });

  it('two disks that qualify are refused where nobody is there to ask', async () => {
    const machine = aMachine({ disks: [aDisk(), aDisk({ device: '/dev/sdb' })] });
    const { outcome, platform } = await runSteps([PARTITION], { machine });
    expect(outcome.error).toMatchObject({ code: 'DISK_NOT_CHOSEN', lines: [expect.any(String), expect.any(String)] });
    expect(platform.deeds.join()).not.toContain('partitionDisk');
  });

  it('a step that needs a deployed disk says so', async () => {
    expect((await runSteps([APPLY])).outcome.error).toMatchObject({ code: 'VOLUME_NOT_FOUND' });
    expect((await runSteps([{ step: 'apply-windows-settings' }])).outcome.error).toMatchObject({
      hint: 'Put an apply-operating-system step before this one.',
    });
  });
});

describe('secrets', () => {
  const KEY = 'ABCDE-FGHIJ-KLMNO-PQRST-UVWXY';

  it('are masked in every event, and only there', async () => {
    const variables = new Variables();
    variables.set('Key', KEY, { secret: true });
    const { events, ran } = await runSteps([note(KEY, { command: ['note', '%Key%'] }), fail('%Key%', { name: 'f' })], {
      variables,
    });
    expect(ran).toEqual([`note ${KEY}`, `fail ${KEY}`]);
    expect(JSON.stringify(events)).not.toContain(KEY);
    expect(JSON.stringify(events)).toContain('fail ********');
  });

  it('may be a word of the events themselves', async () => {
    const variables = new Variables();
    variables.set('Password', 'log', { secret: true });
    variables.set('Other', 'succeeded', { secret: true });
    const { events } = await runSteps([note('log', { condition: { variable: 'No', operator: 'notExists' } })], {
      variables,
    });
    expect(new Set(events.map(({ event }) => event))).toEqual(
      new Set(['sequence-started', 'log', 'step-started', 'step-finished']),
    );
    expect(outcomes(events)).toEqual(['******** succeeded']);
  });

  it('are product keys from the moment they are known', async () => {
    const settings = { step: 'apply-windows-settings', productKey: KEY };
    const { events, variables } = await runSteps([PARTITION, APPLY, settings, fail(KEY)]);
    expect(variables.secrets()).toContain(KEY);
    expect(JSON.stringify(events)).not.toContain(KEY);
  });
});

it.each([
  ['goes on when the machine is switched on', [note('later', { runIn: 'winpe' })], { continues: 'winpe' }],
  ['is at its end where nothing follows', [], {}],
])('leaves by a shutdown where a step asks for that, and %s', async (_, later, continues) => {
  const machine = aMachine({
    operatingSystem: OperatingSystem.parse({ caption: 'W', version: '10.0.26100', build: 26100, architecture: 'x64' }),
  });
  const state = { type: 'REG_SZ' as const, data: 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE' };
  const { outcome, platform } = await runSteps([{ step: 'prepare-windows-for-capture', shutDown: true }, ...later], {
    machine,
    platformName: 'windows',
    change: (changed) => {
      changed.facts = { ...changed.facts, registryValue: async () => state };
    },
  });
  expect(outcome).toEqual({ action: 'shutdown', ...continues });
  expect(platform.deeds.includes('arrangeRestart winpe')).toBe(later.length > 0);
});
