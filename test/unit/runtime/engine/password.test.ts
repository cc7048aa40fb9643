import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { type Manifest, MEDIUM_PATHS } from '../../../../runtime/contract/manifest.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import { exec } from '../../../../runtime/host/exec.ts';
import type { SealedContent } from '../../../../runtime/seal/sealed-content.ts';
import type { Ask } from '../../../../runtime/steps/context.ts';
import { Answers, nobody } from '../../../helpers/asking.ts';
import { MEDIUM_ID } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { fail, note, scriptedExec } from '../../../helpers/run.ts';
import { PASSWORD, writeSealedMedium } from '../../../helpers/sealed-medium.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const PARTITION = { step: 'format-and-partition-disk' };
const APPLY = { step: 'apply-operating-system', image: 'windows' };
const RESTART = { step: 'restart-computer', target: 'winpe' };

function sequence(id: string, steps: readonly object[]) {
  return { formatVersion: 2, id, name: `Sequence ${id}`, onFailure: 'shutdown', steps };
}

type Wish = { more?: Partial<SealedContent>; manifest?: Partial<Manifest> };

/** A machine with a sealed medium in it, which is started again and again. */
class Sealed {
  readonly folder: string;
  readonly ran: string[] = [];
  readonly events: RunEvent[] = [];
  readonly waited: number[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  static async with(sequences: ReturnType<typeof sequence>[], { more, manifest }: Wish = {}): Promise<Sealed> {
    const machine = new Sealed(await temporaryFolder());
    await writeSealedMedium(machine.folder, sequences, more, manifest);
    await writeFile(join(machine.folder, 'smsts.log'), 'the log');
    return machine;
  }

  async start(ask: Ask | undefined, change: (platform: FakePlatform) => void = () => undefined) {
    const platform = new FakePlatform(this.folder);
    change(platform);
    platform.boot = { mediumId: MEDIUM_ID, sequenceId: undefined };
    const from = this.events.length;
    await runMedium({
      ...{ platform, exec: scriptedExec(this.ran), ask, logFile: join(this.folder, 'smsts.log') },
      emit: (event) => this.events.push(event),
      signal: new AbortController().signal,
      wait: async (seconds) => void this.waited.push(seconds),
    });
    return { platform, finished: this.events.at(-1), events: this.events.slice(from) };
  }

  /** Files of this machine that hold a text. */
  async holding(text: string): Promise<string[]> {
    const { stdout } = await exec(['grep', '-rlF', text, this.folder], { successCodes: [0, 1] });
    return stdout.split('\n').filter(Boolean);
  }
}

describe('the password', () => {
  it('is asked for before anything is looked at, and each wrong one costs more time', async () => {
    const machine = await Sealed.with([sequence('a', [note('one')]), sequence('b', [note('two')])]);
    const ask = new Answers('', 'wrong', '', 'Correct horse battery', PASSWORD, 1);
    const { events } = await machine.start(ask);
    expect([machine.ran, machine.waited]).toEqual([['note two'], [1, 2]]);
    expect(ask.asked.slice(0, 5)).toEqual(Array(5).fill(['Password of the medium', { secret: true }]));
    const order = events.map((event) => (event.event === 'phase' ? event.phase : event.event));
    expect(order.indexOf('question')).toBeGreaterThan(order.lastIndexOf('verify'));
    expect(order.indexOf('question')).toBeLessThan(order.indexOf('inventory'));
    const before = JSON.stringify(events.slice(0, order.indexOf('inventory')));
    expect(before).not.toContain('Sequence a');
    expect(before).toContain('The password is wrong. The next one can be typed in 2 s.');
  });

  it('costs a minute at most, however often it is wrong', async () => {
    const machine = await Sealed.with([sequence('a', [note('one')])]);
    await machine.start(new Answers(...Array(9).fill('wrong'), PASSWORD));
    expect(machine.waited).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('is asked for on an unattended medium too', async () => {
    const more = { preferredSequence: 'b' };
    const sequences = [sequence('a', [note('one')]), sequence('b', [note('two')])];
    const machine = await Sealed.with(sequences, { more, manifest: { unattended: true } });
    await machine.start(new Answers(PASSWORD));
    expect(machine.ran).toEqual(['note two']);
  });

  it('that nobody can type ends the start in clear words', async () => {
    const machine = await Sealed.with([sequence('a', [PARTITION])]);
    const { finished, platform } = await machine.start(undefined);
    expect(finished).toMatchObject({
      code: 'ANSWER_MISSING',
      error: expect.stringContaining('the medium has a password, and there is no console to type it at'),
    });
    expect(platform.disk.starts).toBe(true);
  });

  it('does not open a damaged medium', async () => {
    const machine = await Sealed.with([sequence('a', [PARTITION])]);
    await writeFile(join(machine.folder, 'medium', MEDIUM_PATHS.sealed), 'something else');
    // From a web server only what is read at once is verified at first.
    const fromNetwork = (platform: FakePlatform) => Object.assign(platform, { filesToVerify: () => [] });
    const { finished } = await machine.start(nobody, fromNetwork);
    expect(finished).toMatchObject({ code: 'MEDIUM_CORRUPT', error: expect.stringContaining(MEDIUM_PATHS.sealed) });
  });
});

describe('what the password opens', () => {
  const SECRET = 'a secret value';
  const more = {
    variables: [{ name: 'Pin', value: SECRET, secret: true }],
    machines: {
      formatVersion: 1 as const,
      collections: [{ name: 'all', variables: { Site: 'Berlin' } }],
      machines: [],
    },
  };

  it('are variables and machines too; no event, log, result or state shows a secret of it', async () => {
    const steps = [
      note('x', { command: ['note', '%Site% %Pin% %_MediasmithIdentity%'] }),
      fail('%Pin%', { name: 'y' }),
    ];
    const machine = await Sealed.with([sequence('a', [PARTITION, APPLY, ...steps])], { more });
    const ask = new Answers('a wrong password', PASSWORD, 'D');
    await machine.start(ask);
    expect(machine.ran[0]).toBe(`note Berlin ${SECRET} %_MediasmithIdentity%`);
    const seen = JSON.stringify([machine.events, ask.asked]);
    for (const hidden of [SECRET, PASSWORD, 'a wrong password', 'AGE-SECRET-KEY']) {
      expect(seen).not.toContain(hidden);
      expect(await machine.holding(hidden)).toEqual([]);
    }
    expect((await machine.holding('"Site": "Berlin"')).length).toBe(1);
  });

  it('is what the journal keeps, so that a restart does not ask', async () => {
    const machine = await Sealed.with(
      [sequence('a', [PARTITION, RESTART, note('x', { command: ['note', '%Pin%'] })])],
      {
        more,
      },
    );
    await machine.start(new Answers(PASSWORD));
    expect(machine.events.at(-1)).toMatchObject({ continues: 'winpe' });
    expect(await machine.holding('_MediasmithIdentity')).toHaveLength(1);
    for (const hidden of ['AGE-SECRET-KEY', SECRET]) expect(await machine.holding(hidden)).toEqual([]);
    const { finished } = await machine.start(nobody);
    expect(finished).toMatchObject({ outcome: 'succeeded' });
    expect(machine.ran).toEqual([`note ${SECRET}`]);
    expect(JSON.stringify(machine.events)).not.toContain('AGE-SECRET-KEY');
    expect(await machine.holding('_MediasmithIdentity')).toEqual([]);
  });

  it('is good for that run only: to begin another, the password is asked for', async () => {
    const machine = await Sealed.with([sequence('a', [PARTITION, note('one')])]);
    const interrupted = new AbortController();
    const platform = new FakePlatform(machine.folder);
    platform.boot = { mediumId: MEDIUM_ID, sequenceId: undefined };
    await runMedium({
      ...{ platform, exec: scriptedExec([]), ask: new Answers(PASSWORD), logFile: join(machine.folder, 'smsts.log') },
      emit: (event) => {
        if (event.event === 'step-started' && event.index === 2)
          interrupted.abort(Object.assign(new Error('cut'), { code: 'INTERRUPTED' }));
      },
      ...{ signal: interrupted.signal, wait: async () => undefined },
    });
    const startAgain = 1;
    await machine.start(new Answers(startAgain, 'wrong', PASSWORD));
    expect([machine.ran, machine.waited]).toEqual([['note one'], [1]]);
  });

  it('is asked for again where the state of the run is lost', async () => {
    const machine = await Sealed.with([sequence('a', [PARTITION, RESTART, note('one')])]);
    await machine.start(new Answers(PASSWORD));
    for (const name of await readdir(join(machine.folder, 'volumes')))
      await rm(join(machine.folder, 'volumes', name), { recursive: true });
    const { finished } = await machine.start(new Answers(PASSWORD));
    expect(finished).toMatchObject({ continues: 'winpe' });
  });
});
