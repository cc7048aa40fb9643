import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import type { Manifest } from '../../../../runtime/contract/manifest.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import { type Exec, exec } from '../../../../runtime/host/exec.ts';
import type { TargetVolume } from '../../../../runtime/platform/platform.ts';
import type { Ask } from '../../../../runtime/steps/context.ts';
import { Answers, nobody } from '../../../helpers/asking.ts';
import { IMAGE, MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { fail, note, outcomes, scriptedExec } from '../../../helpers/run.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const PARTITION = { step: 'format-and-partition-disk' };
const APPLY = { step: 'apply-operating-system', image: 'windows' };
const RESULT = 'Windows/Logs/Mediasmith/result-a.json';

function sequence(id: string, steps: readonly object[] = [note(id)], more: object = {}) {
  return { formatVersion: 2, id, name: `Sequence ${id}`, onFailure: 'shutdown', steps, ...more };
}

type Wish = {
  sequences?: ReturnType<typeof sequence>[];
  manifest?: Partial<Manifest>;
  named?: string;
  ask?: Ask;
  /** Something that is done to the medium before the start. */
  harm?: (root: string) => Promise<void>;
  /** Something that is done to the platform before the start. */
  prepare?: (platform: FakePlatform) => unknown;
  exec?: Exec;
};

const NOW = new Date('2026-11-21T12:00:00Z');

async function start({ sequences = [sequence('a')], manifest = {}, named, ask = nobody, ...wish }: Wish) {
  const folder = await temporaryFolder();
  await writeFakeMedium(folder, sequences, manifest);
  await wish.harm?.(join(folder, 'medium'));
  const platform = new FakePlatform(folder);
  wish.prepare?.(platform);
  platform.boot = { mediumId: MEDIUM_ID, sequenceId: named };
  const events: RunEvent[] = [];
  const ran: string[] = [];
  const logFile = join(folder, 'smsts.log');
  await writeFile(logFile, 'the log');
  const action = await runMedium({
    platform,
    exec: wish.exec ?? scriptedExec(ran),
    ask,
    logFile,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    wait: async () => undefined,
    now: () => NOW,
  });
  return { action, ran, events, platform, folder, finished: events.at(-1) };
}

it('goes through its phases in order and reports the end', async () => {
  const { action, ran, events, finished } = await start({});
  expect(events.flatMap((event) => (event.event === 'phase' ? [event.phase] : []))).toEqual([
    'medium',
    'verify',
    'inventory',
    'choose',
    'sequence',
  ]);
  expect([action, ran]).toEqual(['restart', ['note a']]);
  expect(finished).toEqual({
    ...{ event: 'finished', outcome: 'succeeded', action: 'restart' },
    ...{ seconds: expect.any(Number), logs: [expect.stringMatching(/smsts\.log$/)] },
  });
});

it('gives the sequence the variables of the machine', async () => {
  const command = [
    'note',
    '%_SMSTSMake% %_SMSTSModel% %_SMSTSBootUEFI% %_SMSTSLaunchMode% %_SMSTSPackageID% %_SMSTSAssetTag%',
  ];
  const { ran } = await start({ sequences: [sequence('a', [{ step: 'run-command-line', command }])] });
  expect(ran).toEqual(['note Stand-in Model 1 true DVD a %_SMSTSAssetTag%']);
});

describe('a damaged medium stops before any disk is touched', () => {
  const sequences = [sequence('a', [PARTITION])];

  it.each<[string, string, (root: string) => Promise<void>]>([
    ['a flipped byte', `${IMAGE.file}: its content has changed`, (root) => flip(join(root, IMAGE.file))],
    ['a missing file', `${IMAGE.file}: cannot be read`, (root) => rm(join(root, IMAGE.file))],
    [
      'a longer file',
      `${IMAGE.file}: has 10 bytes, the manifest says 8`,
      (root) => writeFile(join(root, IMAGE.file), 'an image..'),
    ],
    [
      'a changed sequence',
      'mediasmith/sequences/a.json: its content has changed',
      (root) => flip(join(root, 'mediasmith/sequences/a.json')),
    ],
    [
      'a changed manifest',
      'mediasmith/manifest.json: does not match its digest',
      (root) => flip(join(root, 'mediasmith/manifest.json')),
    ],
    [
      'a missing digest',
      'mediasmith/manifest.json.sha256: cannot be read',
      (root) => rm(join(root, 'mediasmith/manifest.json.sha256')),
    ],
  ])('%s', async (_, message, harm) => {
    const { action, finished, platform } = await start({ sequences, harm });
    expect(finished).toMatchObject({
      outcome: 'failed',
      code: 'MEDIUM_CORRUPT',
      error: expect.stringContaining(message),
    });
    expect(action).toBe('shell');
    expect(platform.deeds).toEqual(['prepare', `findMedium ${MEDIUM_ID}`]);
    expect(platform.disk.starts).toBe(true);
  });

  it('and is not stopped when it is whole', async () => {
    expect((await start({ sequences })).platform.disk.starts).toBe(false);
  });
});

describe('of several sequences', () => {
  const sequences = [sequence('a'), sequence('b')];

  it('runs the one that the boot menu names', async () => {
    expect((await start({ sequences, named: 'b' })).ran).toEqual(['note b']);
  });

  it('runs the one that the person picks, and says so', async () => {
    const { ran, events } = await start({ sequences, ask: new Answers(1) });
    expect(ran).toEqual(['note b']);
    expect(events.filter(({ event }) => event === 'question' || event === 'answer')).toEqual([
      {
        ...{ event: 'question', kind: 'choose', question: 'A medium: which task sequence shall run?' },
        choices: ['Sequence a', 'Sequence b'],
      },
      { event: 'answer', answer: 'Sequence b' },
    ]);
  });

  it('runs the preferred one where nobody is to be asked, or the one that a variable names', async () => {
    expect((await start({ sequences, manifest: { unattended: true, preferredSequence: 'b' } })).ran).toEqual([
      'note b',
    ]);
    const variables = [{ name: 'SMSTSPreferredAdvertID', value: 'b', secret: false }];
    expect((await start({ sequences, manifest: { variables } })).ran).toEqual(['note b']);
  });

  it('runs none again that a disk remembers, and says why', async () => {
    const once = sequence('a', [{ step: 'format-and-partition-disk' }, APPLY], { rerun: 'never' });
    const first = await start({ sequences: [once] });
    expect(first.action).toBe('restart');
    const result = await readFile(join(first.platform.volume('Windows'), RESULT), 'utf8');
    const remember = async (platform: FakePlatform) => {
      const windows = { name: 'Old', device: 'C:\\' } as TargetVolume;
      platform.installed = [{ device: 'd', style: 'gpt', identity: 'i', volumes: [windows], windows }];
      await writeFiles(platform.volume('Old'), { [RESULT]: result });
    };
    const folder = await temporaryFolder();
    await writeFakeMedium(folder, [once]);
    const platform = new FakePlatform(folder);
    platform.boot = { mediumId: MEDIUM_ID, sequenceId: undefined };
    await remember(platform);
    const events: RunEvent[] = [];
    await runMedium({
      ...{ platform, exec: scriptedExec([]), ask: nobody, logFile: join(folder, 'smsts.log') },
      ...{
        emit: (event) => void events.push(event),
        signal: new AbortController().signal,
        wait: async () => undefined,
      },
    });
    expect(events.at(-1)).toMatchObject({ error: expect.stringContaining('it runs once on a machine, and did so on') });
    expect(platform.deeds).not.toContain('partitionDisk /dev/nvme0n1');
  });

  it('runs none where nobody is to be asked', async () => {
    const { finished, ran } = await start({ sequences, manifest: { unattended: true } });
    expect(ran).toEqual([]);
    expect(finished).toMatchObject({ code: 'SEQUENCE_INVALID', error: expect.stringContaining('Sequence b (b)') });
  });

  it('runs none where the named one is not there', async () => {
    const { finished, ran } = await start({ sequences: [sequence('a')], named: 'c' });
    expect(ran).toEqual([]);
    expect(finished).toMatchObject({ code: 'SEQUENCE_INVALID', error: expect.stringContaining('no sequence "c"') });
  });
});

it('ends as the sequence says when a step fails, with what is to be done', async () => {
  const step = { step: 'apply-operating-system', image: 'windows' };
  const { action, finished } = await start({ sequences: [sequence('a', [step])], manifest: { unattended: true } });
  expect(action).toBe('shutdown');
  expect(finished).toMatchObject({
    code: 'VOLUME_NOT_FOUND',
    error: 'no disk has been partitioned in this run\nPut a format-and-partition-disk step before this one.',
  });
});

it('keeps a secret of the sequence out of its last event too', async () => {
  const key = 'ABCDE-FGHIJ-KLMNO-PQRST-UVWXY';
  const steps = [
    { step: 'apply-windows-settings', productKey: key, continueOnError: true },
    { step: 'run-command-line', command: ['fail', key] },
  ];
  const { events, finished } = await start({ sequences: [sequence('a', steps)], manifest: { unattended: true } });
  expect(finished).toMatchObject({ error: 'fail ******** ended with exit code 1' });
  expect(JSON.stringify(events)).not.toContain(key);
});

/** So that nothing but the key can have shut it down. */
const RESTARTS = { onFailure: 'restart' };

describe('a failure where somebody is there', () => {
  const sequences = [sequence('a', [note('one'), fail('two')])];

  it.each([
    ['S', 'restart'],
    ['D', 'shutdown'],
    [undefined, 'shutdown'],
  ])('ends by the key that is pressed: %s', async (key, action) => {
    const { action: left, finished, events } = await start({ sequences, ask: new Answers(key) });
    expect(left).toBe(action);
    expect(finished).toMatchObject({ outcome: 'failed', action, code: 'TOOL_FAILED' });
    expect(events.find(({ event }) => event === 'question')).toMatchObject({
      ...{ kind: 'key', seconds: 900, choices: ['R', 'M', 'S', 'D'] },
      question: expect.stringContaining('2 of 2, two (run-command-line)'),
    });
  });

  it('tries the step again, and only that', async () => {
    const ran: string[] = [];
    const { finished } = await start({ sequences, ask: new Answers('R', 'R'), exec: mendedAfter(2, ran) });
    expect(finished).toMatchObject({ outcome: 'succeeded' });
    expect(ran).toEqual(['note one', 'fail two', 'fail two', 'fail two']);
  });

  it('begins anew at the menu, with nothing left of the run before', async () => {
    const prompt = { name: 'Name', secret: false };
    const ask = new Answers(0, 'PC-1', 'M', 1, 'PC-2');
    const named = note('b', { command: ['note', '%Name% %Left%'] });
    const left = { step: 'set-variable', variable: 'Left', value: 'over' };
    const { ran, finished, platform } = await start({
      sequences: [sequence('a', [PARTITION, left, fail('%Name%', { name: 'x' })]), sequence('b', [named])],
      manifest: { variables: [prompt] },
      ask,
    });
    expect(finished).toMatchObject({ outcome: 'succeeded' });
    expect(ran).toEqual(['fail PC-1', 'note PC-2 %Left%']);
    expect(await platform.findStates()).toEqual([]);
  });

  it('shows the menu of a single sequence too', async () => {
    const ask = new Answers('M', 0, 'D');
    const { events, action } = await start({ sequences: [sequence('a', [note('one'), fail('two')], RESTARTS)], ask });
    expect([ask.asked.length, action]).toEqual([3, 'shutdown']);
    expect(outcomes(events)).toEqual(['one succeeded', 'two failed', 'one succeeded', 'two failed']);
  });

  it('asks nobody on unattended media', async () => {
    const { action, events } = await start({ sequences, manifest: { unattended: true } });
    expect(action).toBe('shutdown');
    expect(events.filter(({ event }) => event === 'question')).toEqual([]);
  });
});

describe('variables of the medium', () => {
  const SECRET = 'correct horse battery';
  const variables = [
    { name: 'Site', value: 'Berlin', secret: false },
    { name: 'Password', secret: true },
  ];
  const steps = [note('site', { command: ['note', '%Site% %Password%'] }), fail('%Password%', { name: 'x' })];

  it('are asked for, and a secret one is in no event and no file', async () => {
    const ask = new Answers(SECRET, 'D');
    const { ran, events, folder } = await start({
      ...{ sequences: [sequence('a', [PARTITION, APPLY, ...steps])], manifest: { variables }, ask },
      prepare: (platform) => {
        platform.mediumTakesFiles = true;
      },
    });
    expect(ran[0]).toBe(`note Berlin ${SECRET}`);
    expect(JSON.stringify(events)).not.toContain(SECRET);
    expect(JSON.stringify(ask.asked)).not.toContain(SECRET);
    const holding = async (text: string) =>
      (await exec(['grep', '-rlF', text, folder], { successCodes: [0, 1] })).stdout.split('\n').filter(Boolean);
    expect(await holding(SECRET)).toEqual([]);
    expect((await holding('"Site": "Berlin"')).length).toBe(2);
    expect(await readdir(join(folder, 'medium/mediasmith/results'))).toEqual(['SN1-20261121T120000Z']);
  });

  it('of a run before stay secret when another sequence is run', async () => {
    const tell = fail(`it was ${SECRET}`, { name: 'x' });
    const ask = new Answers(0, SECRET, 'M', 1, 'another', 'D');
    const sequences = [sequence('a', [fail('one')]), sequence('b', [tell])];
    const { events } = await start({ sequences, ask, manifest: { variables } });
    expect(events.at(-1)).toMatchObject({ error: 'fail it was ******** ended with exit code 1' });
    expect(JSON.stringify([events, ask.asked])).not.toContain(SECRET);
  });

  it('that nobody can give end the run before anything is done', async () => {
    const sequences = [sequence('a', [PARTITION])];
    const { finished, platform } = await start({ sequences, manifest: { variables, unattended: true } });
    expect(finished).toMatchObject({ code: 'MEDIUM_INVALID', error: expect.stringContaining('Password') });
    expect(platform.disk.starts).toBe(true);
  });
});

describe('SMSTSPostAction', () => {
  const action = { step: 'set-variable', variable: 'SMSTSPostAction', value: 'note "after all" %_SMSTSPackageID%' };

  it('is run when the sequence has ended well, its result left before', async () => {
    expect((await start({ sequences: [sequence('a', [action, note('one')])] })).ran).toEqual([
      'note one',
      'note after all a',
    ]);
  });

  it('is not run after a failure', async () => {
    const { ran } = await start({ sequences: [sequence('a', [action, fail('one')])], ask: new Answers('D') });
    expect(ran).toEqual(['fail one']);
  });

  it('that fails is a warning', async () => {
    const { events, finished } = await start({ sequences: [sequence('a', [{ ...action, value: 'fail x' }])] });
    expect(finished).toMatchObject({ outcome: 'succeeded' });
    expect(events).toContainEqual(expect.objectContaining({ level: 'warning', component: 'SMSTSPostAction' }));
  });
});

it('takes a sequence of a later version for what it is', async () => {
  const later = { ...sequence('a'), formatVersion: 99 };
  expect((await start({ sequences: [later] })).finished).toMatchObject({ code: 'SEQUENCE_INVALID' });
});

/** Programs that work after `times` failures. */
function mendedAfter(times: number, ran: string[]): Exec {
  const failing = scriptedExec(ran);
  return async (argv, options) => {
    const failures = ran.filter((line) => line.startsWith('fail')).length;
    if (failures < times) return failing(argv, options);
    ran.push(argv.join(' '));
    return { exitCode: 0, stdout: '', stderr: '' };
  };
}

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
