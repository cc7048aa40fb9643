import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import type { Manifest } from '../../../../runtime/contract/manifest.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import type { Ask } from '../../../../runtime/steps/context.ts';
import { IMAGE, MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { scriptedExec } from '../../../helpers/run.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const PARTITION = { step: 'format-and-partition-disk' };

function sequence(id: string, steps: readonly object[] = [{ step: 'run-command-line', command: ['note', id] }]) {
  return { formatVersion: 1, id, name: `Sequence ${id}`, onFailure: 'shutdown', steps };
}

type Wish = {
  sequences?: ReturnType<typeof sequence>[];
  manifest?: Partial<Manifest>;
  named?: string;
  ask?: Ask;
  /** Something that is done to the medium before the start. */
  harm?: (root: string) => Promise<void>;
};

const nobody: Ask = () => Promise.reject(new Error('nobody was to be asked'));

async function start({ sequences = [sequence('a')], manifest = {}, named, ask = nobody, harm }: Wish) {
  const folder = await temporaryFolder();
  await writeFakeMedium(folder, sequences, manifest);
  await harm?.(join(folder, 'medium'));
  const platform = new FakePlatform(folder);
  platform.boot = { mediumId: MEDIUM_ID, sequenceId: named };
  const events: RunEvent[] = [];
  const ran: string[] = [];
  const action = await runMedium({
    platform,
    exec: scriptedExec(ran),
    ask,
    logFile: join(folder, 'smsts.log'),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  });
  return { action, ran, events, platform, finished: events.at(-1) };
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
  expect(finished).toEqual({ event: 'finished', outcome: 'succeeded', action: 'restart' });
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

  it('runs the one that the person picks', async () => {
    const asked: unknown[] = [];
    const ask: Ask = async (question, choices) => {
      asked.push(question, ...choices);
      return 1;
    };
    expect((await start({ sequences, ask })).ran).toEqual(['note b']);
    expect(asked).toEqual(['Which task sequence shall run?', 'Sequence a (a)', 'Sequence b (b)']);
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
  const { action, finished } = await start({ sequences: [sequence('a', [step])] });
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
  const { events, finished } = await start({ sequences: [sequence('a', steps)] });
  expect(finished).toMatchObject({ error: 'fail ******** ended with exit code 1' });
  expect(JSON.stringify(events)).not.toContain(key);
});

it('takes a sequence of a later version for what it is', async () => {
  const later = { ...sequence('a'), formatVersion: 2 };
  expect((await start({ sequences: [later] })).finished).toMatchObject({ code: 'SEQUENCE_INVALID' });
});

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
