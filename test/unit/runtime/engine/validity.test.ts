import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import type { Validity } from '../../../../runtime/contract/manifest.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import { Answers, nobody } from '../../../helpers/asking.ts';
import { MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { fail, note, scriptedExec } from '../../../helpers/run.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const PARTITION = { step: 'format-and-partition-disk' };
const RESTART = { step: 'restart-computer', target: 'winpe' };
const WINDOW = { from: '2026-01-01T00:00:00.000Z', until: '2026-12-31T23:59:59.999Z' };

async function inserted(validity: Validity, steps: readonly object[] = [note('one')]): Promise<string> {
  const folder = await temporaryFolder();
  const sequence = { formatVersion: 2, id: 'a', name: 'Sequence a', onFailure: 'shutdown', steps };
  await writeFakeMedium(folder, [sequence], { validity });
  await writeFile(join(folder, 'smsts.log'), 'the log');
  return folder;
}

async function start(folder: string, now: string, ask = nobody) {
  const platform = new FakePlatform(folder);
  platform.boot = { mediumId: MEDIUM_ID, sequenceId: undefined };
  const events: RunEvent[] = [];
  const ran: string[] = [];
  await runMedium({
    ...{ platform, exec: scriptedExec(ran), ask, logFile: join(folder, 'smsts.log') },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    ...{ wait: async () => undefined, now: () => new Date(now) },
  });
  return { ran, events, finished: events.at(-1), platform };
}

describe('a medium', () => {
  it.each<[string, Validity, string, boolean]>([
    ['at its first moment', WINDOW, '2026-01-01T00:00:00.000Z', true],
    ['a moment before', WINDOW, '2025-12-31T23:59:59.999Z', false],
    ['at its last moment', WINDOW, '2026-12-31T23:59:59.999Z', true],
    ['a moment after', WINDOW, '2027-01-01T00:00:00.000Z', false],
    ['without an end', { from: WINDOW.from }, '2099-01-01T00:00:00.000Z', true],
    ['without a beginning', { until: WINDOW.until }, '1999-01-01T00:00:00.000Z', true],
  ])('%s', async (_, validity, now, valid) => {
    const { ran, finished } = await start(await inserted(validity), now);
    expect([ran, finished]).toMatchObject(
      valid ? [['note one'], { outcome: 'succeeded' }] : [[], { code: 'MEDIUM_NOT_VALID' }],
    );
  });

  it('that is over says the window and the clock before anything is shown or touched', async () => {
    const { events, finished, platform } = await start(await inserted(WINDOW, [PARTITION]), '2027-03-01T08:00:00.000Z');
    expect(finished).toMatchObject({
      error: expect.stringMatching(
        /valid from 2026-01-01T00:00:00.000Z until 2026-12-31T23:59:59.999Z, .* clock says 2027-03-01T08:00:00.000Z\n.*clock is wrong/,
      ),
    });
    expect(events.map(({ event }) => event)).toEqual(['phase', 'medium-found', 'phase', 'finished']);
    expect(platform.disk.starts).toBe(true);
  });
});

describe('a run', () => {
  it('goes on though the medium is over by now', async () => {
    const folder = await inserted(WINDOW, [PARTITION, RESTART, note('one')]);
    expect((await start(folder, '2026-12-31T23:50:00.000Z')).finished).toMatchObject({ continues: 'winpe' });
    const { ran, finished } = await start(folder, '2027-01-01T00:05:00.000Z');
    expect([ran, finished]).toMatchObject([['note one'], { outcome: 'succeeded' }]);
  });

  it('that is gone on with is not followed by another', async () => {
    const folder = await inserted(WINDOW, [PARTITION, RESTART, fail('one')]);
    await start(folder, '2026-12-31T23:50:00.000Z');
    const { finished } = await start(folder, '2027-01-01T00:05:00.000Z', new Answers('M'));
    expect(finished).toMatchObject({ outcome: 'failed', code: 'MEDIUM_NOT_VALID' });
  });

  it('of another medium opens nothing', async () => {
    const folder = await inserted(WINDOW, [PARTITION, RESTART, note('one')]);
    await start(folder, '2026-12-31T23:50:00.000Z');
    await writeFakeMedium(folder, [], { id: '99999999-2222-4333-8444-555555555555', validity: WINDOW });
    expect((await start(folder, '2027-01-01T00:05:00.000Z')).finished).toMatchObject({ code: 'MEDIUM_NOT_VALID' });
  });
});
