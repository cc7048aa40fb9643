import { expect, it } from 'vitest';
import { Journal, readMemory } from '../../../../runtime/engine/journal/journal.ts';
import { openJournal, sealFor } from '../../../../runtime/engine/open-journal.ts';
import type { Platform, StateStore, TargetDisk } from '../../../../runtime/platform/platform.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { aManifest } from '../../../helpers/manifest.ts';

const RUN = '11111111-1111-4111-8111-111111111111';
const TARGET: TargetDisk = { device: '/dev/sda', style: 'gpt', identity: '', volumes: [] };
const manifest = aManifest();

/** A state on a volume that cannot be written once it is closed, as a mounted one. */
function volume(place: string) {
  let content: Buffer | undefined;
  let open = true;
  const write = (bytes: Uint8Array): void => {
    if (!open) throw new Error(`${place} is no longer mounted`);
    content = Buffer.from(bytes);
  };
  const store: StateStore = {
    place,
    read: async () => content ?? Promise.reject(new Error('none')),
    append: async (bytes) => write(Buffer.concat([content ?? Buffer.alloc(0), bytes])),
    replace: async (bytes) => write(bytes),
    remove: async () => {
      content = undefined;
    },
    close: async () => {
      open = false;
    },
  };
  return { store, content: () => content };
}

/** The state of a Windows that has restarted into the boot environment. */
async function left(store: StateStore, target?: TargetDisk) {
  const begin = {
    ...{ run: RUN, mediumId: manifest.id, sequenceId: 'a', sequenceName: 'A', sequenceDigest: 'd' },
    ...{ machine: 'SN1', started: '2026-01-01T00:00:00.000Z' },
  };
  const journal = Journal.begin(begin, sealFor(manifest, RUN));
  if (target !== undefined) journal.record({ record: 'state', state: { target } });
  journal.record({ record: 'restart', into: 'winpe', left: true });
  await store.replace(Buffer.alloc(0));
  await journal.moveTo({ ...store, close: async () => undefined });
  const memory = await readMemory(store);
  if (memory === undefined) throw new Error('no state');
  return memory;
}

async function resume(store: StateStore, next: StateStore | undefined, target?: TargetDisk): Promise<Journal> {
  const memory = await left(store, target);
  const platform = {
    name: 'linux',
    recoverTarget: async (known: TargetDisk) => known,
    openState: async () => next,
  } as unknown as Platform;
  const sequence = Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', steps: [{ step: 'restart-computer' }] });
  const medium = { root: '', device: '', disk: '', launchMode: 'UFD', manifest } as const;
  return openJournal({ medium, machine: aMachine(), sequence, platform }, { memory, store, confirmed: false });
}

it('a state stays on the volume of Windows where no disk is being deployed', async () => {
  const windows = volume('/dev/sda3');
  const journal = await resume(windows.store, undefined);
  expect(journal.place).toBe('/dev/sda3');
  expect((await readMemory(windows.store))?.restart).toBeUndefined();
  journal.record({ record: 'state', state: {} });
  expect(await journal.flush({ sync: true })).toBeUndefined();
});

it('one that moves on leaves nothing behind that Windows would wait for', async () => {
  const [windows, system] = [volume('/dev/sda3'), volume('/dev/sda1')];
  const journal = await resume(windows.store, system.store, TARGET);
  expect(journal.place).toBe('/dev/sda1');
  expect((await readMemory(system.store))?.restart).toBeUndefined();
  expect(windows.content()).toEqual(Buffer.alloc(0));
  expect(await readMemory(windows.store)).toBeUndefined();
});

it('the same volume under another name is not emptied', async () => {
  const windows = volume('S:');
  const again: StateStore = { ...windows.store, place: 'Z:' };
  await resume(windows.store, again, TARGET);
  expect((await readMemory(again))?.begin.run).toBe(RUN);
});
