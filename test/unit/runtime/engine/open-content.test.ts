import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContentFrom } from '../../../../runtime/contract/content-from.ts';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import type { Manifest } from '../../../../runtime/contract/manifest.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import type { Ask } from '../../../../runtime/steps/context.ts';
import { Answers, nobody } from '../../../helpers/asking.ts';
import { MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { note, scriptedExec } from '../../../helpers/run.ts';
import { aSigner, signMedium } from '../../../helpers/signing-key.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const CONTENT_ID = '00000000-0000-8000-8000-000000000001';
const URL_FROM = { url: 'http://server/tree' };
const SHARE_FROM = { share: '\\\\server\\images', user: 'ann' };

type Wish = {
  from?: ContentFrom;
  /** Of the bootable medium, and of what it names. */
  bootable?: Partial<Manifest>;
  content?: Partial<Manifest>;
  ask?: Ask | undefined;
  prepare?: (platform: FakePlatform, folder: string) => Promise<void> | void;
};

async function start({ from = URL_FROM, bootable, content, prepare, ...asking }: Wish = {}) {
  const ask = 'ask' in asking ? asking.ask : nobody;
  const folder = await temporaryFolder();
  const none = { images: [], packages: [] };
  await writeFakeMedium(folder, [], { ...none, contentFrom: from, ...bootable });
  const sequences = ['a', 'b'].map((id) => ({
    formatVersion: 2,
    id,
    name: id,
    onFailure: 'shutdown',
    steps: [note(id)],
  }));
  await writeFakeMedium(join(folder, 'content'), sequences.slice(0, content?.unattended === false ? 2 : 1), {
    id: CONTENT_ID,
    ...content,
  });
  await writeFile(join(folder, 'smsts.log'), 'the log');
  const platform = new FakePlatform(folder);
  platform.boot = { mediumId: MEDIUM_ID, sequenceId: undefined };
  await prepare?.(platform, folder);
  const [events, ran, waited]: [RunEvent[], string[], number[]] = [[], [], []];
  await runMedium({
    ...{ platform, exec: scriptedExec(ran), ask, logFile: join(folder, 'smsts.log') },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    wait: async (seconds) => void waited.push(seconds),
  });
  return { ran, events, waited, platform, finished: events.at(-1) };
}

describe('a bootable medium', () => {
  it('runs what lies where it says, whatever the id of that is, and is where results go', async () => {
    const { ran, events, platform, finished } = await start({
      prepare: (on) => {
        on.mediumTakesFiles = true;
      },
    });
    expect([ran, finished]).toMatchObject([['note a'], { outcome: 'succeeded' }]);
    expect(platform.deeds.slice(0, 3)).toEqual([
      'prepare',
      `findMedium ${MEDIUM_ID}`,
      'openContent http://server/tree/',
    ]);
    expect(events.filter(({ event }) => event === 'medium-found')).toEqual([
      { event: 'medium-found', id: MEDIUM_ID, device: '/dev/sr0' },
      { event: 'medium-found', id: CONTENT_ID, device: 'http://server/tree/' },
    ]);
  });

  it('begins nothing outside its own validity, and asks nothing where it is unattended', async () => {
    const over = await start({ bootable: { validity: { until: '2001-01-01T00:00:00.000Z' } } });
    expect([over.ran, over.finished]).toMatchObject([[], { code: 'MEDIUM_NOT_VALID' }]);
    expect(over.platform.deeds).not.toContainEqual(expect.stringMatching(/^openContent/));
    const silent = await start({ bootable: { unattended: true }, content: { unattended: false } });
    expect(silent.finished).toMatchObject({ outcome: 'failed' });
    expect(silent.events.filter(({ event }) => event === 'question')).toEqual([]);
  });

  it('takes only content that its key has signed', async () => {
    const signed = async (platform: FakePlatform, folder: string, seed?: number) => {
      platform.publicKey = (await aSigner()).publicKey.line;
      await signMedium(join(folder, 'medium'), await aSigner());
      if (seed !== undefined) await signMedium(join(folder, 'content/medium'), await aSigner(seed));
    };
    const good = await start({ prepare: (platform, folder) => signed(platform, folder, 1) });
    expect(good.finished).toMatchObject({ outcome: 'succeeded' });
    for (const seed of [undefined, 2]) {
      const { ran, finished } = await start({ prepare: (platform, folder) => signed(platform, folder, seed) });
      expect([ran, finished]).toMatchObject([[], { code: 'SIGNATURE_INVALID' }]);
    }
  });

  it('does not follow another one', async () => {
    const { ran, finished } = await start({ content: { contentFrom: URL_FROM } });
    expect([ran, finished]).toMatchObject([[], { code: 'MEDIUM_INVALID' }]);
  });
});

describe('the password of a share', () => {
  const wrong = () => new MediasmithError('PASSWORD_WRONG', 'wrong');

  it('is asked for until it is right, and shown nowhere', async () => {
    const ask = new Answers('first-try', 'second-try', 'Tr0ub4dor,=');
    const { ran, events, waited, platform } = await start({
      ...{ from: SHARE_FROM, ask },
      prepare: (on) => void on.shareErrors.push(wrong(), wrong()),
    });
    expect([ran, waited]).toEqual([['note a'], [1, 2]]);
    expect(platform.deeds).toContain('openContent \\\\server\\images Tr0ub4dor,=');
    expect(ask.asked[0]).toEqual(['Password of ann on \\\\server\\images', { secret: true }]);
    expect(JSON.stringify(events)).not.toMatch(/Tr0ub4dor|first-try/);
  });

  it.each([
    ['there is no console', undefined, {}],
    ['the medium is unattended', nobody, { unattended: true }],
  ])('cannot be asked for where %s', async (_, ask, bootable) => {
    const { finished } = await start({
      from: SHARE_FROM,
      bootable,
      ask,
    });
    expect(finished).toMatchObject({ outcome: 'failed', code: 'ANSWER_MISSING' });
  });

  it('is not asked for twice where something else is wrong', async () => {
    const away = new MediasmithError('MEDIUM_NOT_FOUND', 'away');
    const { finished } = await start({
      ...{ from: SHARE_FROM, ask: new Answers('once') },
      prepare: (on) => void on.shareErrors.push(away),
    });
    expect(finished).toMatchObject({ code: 'MEDIUM_NOT_FOUND' });
  });
});
