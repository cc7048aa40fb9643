import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMemory } from '../../../../runtime/engine/journal/journal.ts';
import { decodeRecords, encodeRecords } from '../../../../runtime/engine/journal/records.ts';
import { folderState } from '../../../../runtime/platform/state-folder.ts';
import { asking, nobody } from '../../../helpers/asking.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { FullDisk } from '../../../helpers/full-disk.ts';
import { PowerCut } from '../../../helpers/power-cut.ts';
import { append, Machine } from '../../../helpers/restarting-machine.ts';
import { note, outcomes } from '../../../helpers/run.ts';

const RESTART = { step: 'restart-computer', target: 'winpe' };
const STEPS = [
  { step: 'format-and-partition-disk' },
  append('A'),
  { step: 'apply-operating-system', image: 'windows' },
  append('A'),
  { group: 'more', condition: { variable: 'A', operator: 'exists' }, steps: [append('A')] },
  note('last', { command: ['note', '%A%'] }),
];
const FINAL = 'note %A%xxx';
const WITH_RESTART = [...STEPS.slice(0, 3), RESTART, ...STEPS.slice(3)];
const MINUTE = 60_000;

const states = (machine: Machine) => new FakePlatform(machine.folder).findStates();

async function aJournal(): Promise<Buffer> {
  const machine = await Machine.withMedium(STEPS);
  await machine.start({ cut: new PowerCut(7, 1) });
  return readFile(join(machine.folder, 'volumes/System/_SMSTaskSequence/journal'));
}

describe('a journal of which one byte has changed', () => {
  it('says what it said, or that but for its last line, or nothing at all', async () => {
    const bytes = await aJournal();
    const whole = decodeRecords(bytes) ?? [];
    const lines = bytes.toString('utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    const last = decodeRecords(Buffer.from(`${lines.at(-1)}\n`)) ?? [];
    const shorter = whole.slice(0, whole.length - last.length);
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [0x01, 0x20, 0x80, bytes[at] === 0x0a ? 0x02 : (bytes[at] ?? 0) ^ 0x0a]) {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] ?? 0) ^ change;
        const records = decodeRecords(changed);
        if (records !== undefined && records.length !== whole.length) expect(records).toEqual(shorter);
        else if (records !== undefined) expect(records).toEqual(whole);
      }
    }
  });

  it('is not followed, and the sequence begins anew', async () => {
    const machine = await Machine.withMedium(STEPS);
    await machine.start({ cut: new PowerCut(7, 1) });
    const path = join(machine.folder, 'volumes/System/_SMSTaskSequence/journal');
    const bytes = await readFile(path);
    bytes[Math.floor(bytes.length / 2)] = 0;
    await writeFile(path, bytes);
    await machine.start({ ask: nobody });
    expect(machine.ran.at(-1)).toBe(FINAL);
    expect(outcomes(machine.events).filter((end) => end.startsWith('Format'))).toHaveLength(2);
    expect(JSON.stringify(machine.events)).toContain('is not followed: it is damaged');
  });

  it('nor is one that is empty, of a later format, or something else', async () => {
    const machine = await Machine.withMedium(STEPS);
    const later = encodeRecords([{ record: 'begin', formatVersion: 2 } as never]);
    for (const text of ['', '\n', later, 'x'.repeat(100_000), '\0'.repeat(512)]) {
      const store = folderState(join(machine.folder, 'volumes/System'), 'System');
      await store.replace(Buffer.from(text));
      expect(await readMemory(store)).toBeUndefined();
    }
  });
});

describe('a state volume that is full', () => {
  it('at any write costs the way back, and not the deployment', { timeout: MINUTE }, async () => {
    const never = new FullDisk(() => false);
    await (await Machine.withMedium(STEPS)).start({ through: never.wrap });
    expect(never.writes).toBeGreaterThan(8);
    for (let at = 1; at <= never.writes; at++) {
      for (const fails of [(write: number) => write === at, (write: number) => write >= at]) {
        const machine = await Machine.withMedium(STEPS);
        await machine.start({ through: new FullDisk(fails).wrap, ask: nobody });
        expect.soft([at, machine.events.at(-1)]).toMatchObject([at, { event: 'finished', outcome: 'succeeded' }]);
        expect.soft([at, machine.ran.at(-1)]).toEqual([at, FINAL]);
        expect.soft([at, machine.disk.starts]).toEqual([at, true]);
        expect.soft(await states(machine)).toEqual([]);
        const warnings = JSON.stringify(machine.events).match(/the state of the sequence cannot be/g) ?? [];
        expect.soft([at, warnings.length]).toEqual([at, 1]);
      }
    }
  });

  it('holds nothing that a start after a cut would follow', async () => {
    const full = new FullDisk((write) => write >= 4);
    const machine = await Machine.withMedium(STEPS);
    const { end } = await machine.start({ through: full.wrap, cut: new PowerCut(10, 0), ask: nobody });
    expect([end, full.writes > 4]).toEqual(['cut', true]);
    const left = await states(machine);
    expect(left).toHaveLength(1);
    for (const state of left) expect(await readMemory(state)).toBeUndefined();
  });

  it('takes the state again when it has room again', async () => {
    const machine = await Machine.withMedium(WITH_RESTART);
    await machine.start({ through: new FullDisk((write) => write === 3).wrap });
    expect(machine.continues()).toBe(true);
    await machine.start({ ask: nobody });
    expect(machine.ran).toEqual([FINAL]);
  });

  it('keeps a restart from happening that nobody would come back from', async () => {
    const machine = await Machine.withMedium(WITH_RESTART);
    await machine.start({ through: new FullDisk(() => true).wrap, ask: nobody });
    expect(machine.events.at(-1)).toMatchObject({ event: 'finished', outcome: 'failed' });
    expect(machine.ran).toEqual([]);
  });

  it('or write-protected when a run is to go on is an error with what to do, and the state stays', async () => {
    const machine = await Machine.withMedium(WITH_RESTART);
    await machine.start();
    await machine.start({ through: new FullDisk(() => true, 'EROFS: read-only file system, open').wrap, ask: nobody });
    expect(machine.events.at(-1)).toMatchObject({ code: 'STATE_INVALID', error: expect.stringContaining('EROFS') });
    await machine.start({ ask: nobody });
    expect(machine.ran).toEqual([FINAL]);
  });
});

describe('states on several disks', () => {
  /** Copies the state of the disk onto another, as a run that was begun earlier or later has left it. */
  async function withSecondState(started: string, cut: boolean) {
    const machine = await Machine.withMedium(WITH_RESTART);
    await machine.start();
    const [store] = await states(machine);
    const memory = store && (await readMemory(store));
    if (memory === undefined) throw new Error('there is no state');
    const folder = join(machine.folder, 'volumes/A second disk');
    await mkdir(folder, { recursive: true });
    const restart = cut ? [] : [{ record: 'restart', into: 'winpe', left: true } as const];
    const begin = { ...memory.begin, started, run: '22222222-2222-4222-8222-222222222222' };
    await folderState(folder, 'second').replace(Buffer.from(encodeRecords([begin, ...restart])));
    return machine;
  }

  it('are no question where one has a restart that was planned', async () => {
    const machine = await withSecondState('2100-01-01T00:00:00.000Z', true);
    await machine.start({ ask: nobody });
    expect(machine.ran).toEqual([FINAL]);
    expect((await states(machine)).map(({ place }) => place)).toEqual(['A second disk']);
  });

  it('have the newer one followed', async () => {
    const machine = await withSecondState('2000-01-01T00:00:00.000Z', false);
    await machine.start({ ask: nobody });
    expect(machine.ran).toEqual([FINAL]);
  });

  it('are closed, those too that are not followed', async () => {
    const machine = await withSecondState('2000-01-01T00:00:00.000Z', true);
    const open = new Set<string>();
    await machine.start({
      ask: nobody,
      through: (store) => {
        open.add(store.place);
        return {
          ...store,
          close: async () => {
            open.delete(store.place);
            await store.close();
          },
        };
      },
    });
    expect([...open]).toEqual([]);
  });
});

it('gets a person out of a restart that never comes where it was to go', async () => {
  const machine = await Machine.withMedium([{ step: 'format-and-partition-disk' }, RESTART, note('after')]);
  await machine.start();
  const asked: string[] = [];
  const again = asking(async (question, choices) => {
    asked.push(question);
    return choices.findIndex((choice) => choice.startsWith('Start again'));
  });
  await machine.start({ platformName: 'windows', ask: again });
  expect(asked).toEqual([
    expect.stringContaining('goes on in the boot environment, but this is the installed Windows'),
  ]);
  const kept = await states(machine);
  expect(kept.map(({ place }) => place)).not.toContain('System');
});
