import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import type { Manifest } from '../../../../runtime/contract/manifest.ts';
import { runMedium } from '../../../../runtime/engine/run-medium.ts';
import { MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { note, scriptedExec } from '../../../helpers/run.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const STEPS = [note('one'), { step: 'restart-computer' }, note('two')];

/** The running Windows, started again and again. */
async function windows() {
  const folder = await temporaryFolder();
  const logFile = join(folder, 'smsts.log');
  await writeFile(logFile, 'the log');
  const events: RunEvent[] = [];
  const ran: string[] = [];
  const machine = { folder, events, ran, platform: new FakePlatform(folder) };
  const insert = (steps: readonly object[], wish: Partial<Manifest> = {}) => {
    const sequence = { formatVersion: 2, id: 'a', name: 'A', startsIn: 'any', steps };
    return writeFakeMedium(folder, [sequence], wish);
  };
  const start = (resume: boolean, serial = '1') => {
    machine.platform = new FakePlatform(folder, { name: 'windows', machine: aMachine({ uuid: '', serial }) });
    machine.platform.boot = { mediumId: MEDIUM_ID, sequenceId: undefined };
    events.length = 0;
    return runMedium({
      ...{ platform: machine.platform, exec: scriptedExec(ran), ask: undefined, logFile, resume },
      emit: (event) => void events.push(event),
      signal: new AbortController().signal,
      wait: async () => undefined,
    });
  };
  await insert(STEPS);
  return Object.assign(machine, { insert, start });
}

const said = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.event === 'log' && event.component === 'engine' ? [event.message] : []));

it('goes on with the run that was left', async () => {
  const machine = await windows();
  expect(await machine.start(false)).toBe('restart');
  expect(await machine.start(true)).toBe('restart');
  expect(machine.ran).toEqual(['note one', 'note two']);
  expect(machine.events.at(-1)).toMatchObject({ event: 'finished', outcome: 'succeeded' });
  expect(await machine.platform.findStates()).toEqual([]);
});

it('never begins one', async () => {
  const machine = await windows();
  expect(await machine.start(true)).toBe('shell');
  expect(machine.ran).toEqual([]);
  expect(machine.platform.deeds).toEqual(['prepare']);
  expect(machine.events.filter(({ event }) => event === 'finished')).toEqual([]);
  expect(said(machine.events)).toEqual([
    'there is no sequence to go on with: what would have gone on with one is taken away',
  ]);
});

it('does not follow a stale state, and takes it away', async () => {
  const machine = await windows();
  await machine.start(false);
  await machine.insert([note('another'), ...STEPS]);
  expect(await machine.start(true)).toBe('shell');
  expect(machine.ran).toEqual(['note one']);
  expect(said(machine.events)[0]).toContain('the sequence "A" has changed since');
  expect(await machine.platform.findStates()).toEqual([]);
});

it('does not follow a state whose medium says something else by now, whoever may have signed that', async () => {
  const machine = await windows();
  await machine.start(false);
  await machine.insert(STEPS, { variables: [{ name: 'Site', value: 'elsewhere', secret: false }] });
  expect(await machine.start(true)).toBe('shell');
  expect(machine.ran).toEqual(['note one']);
  expect(said(machine.events)[0]).toContain('the medium has changed since');
});

it('does not follow the state of another machine', async () => {
  const machine = await windows();
  await machine.start(false, '1');
  expect(await machine.start(true, '2')).toBe('shell');
  expect(said(machine.events)[0]).toContain('another machine has left it');
  expect(await machine.platform.findStates()).toEqual([]);
});

it('takes away a state that says nothing', async () => {
  const machine = await windows();
  await writeFiles(machine.platform.volume('C'), { '_SMSTaskSequence/journal': 'nothing that is known' });
  expect(await machine.start(true)).toBe('shell');
  expect(await machine.platform.findStates()).toEqual([]);
});

it('leaves states on other volumes alone', async () => {
  const machine = await windows();
  const journal = { '_SMSTaskSequence/journal': 'of another Windows' };
  await writeFiles(machine.platform.volume('D'), journal);
  expect(await machine.start(true)).toBe('shell');
  expect((await machine.platform.findStates()).map(({ place }) => place)).toEqual(['D']);
});

it('stays where the medium is not there: the next start goes on', async () => {
  const machine = await windows();
  await machine.start(false);
  await writeFiles(machine.folder, { 'medium/mediasmith/manifest.json': 'damaged' });
  expect(await machine.start(true)).toBe('shell');
  expect(machine.events.at(-1)).toMatchObject({ event: 'finished', outcome: 'failed' });
  expect(await machine.platform.findStates()).toHaveLength(1);
  await machine.insert(STEPS);
  await machine.start(true);
  expect(machine.ran).toEqual(['note one', 'note two']);
});
