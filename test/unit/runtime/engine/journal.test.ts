import { expect, it } from 'vitest';
import type { StateStore } from '../../../../runtime/platform/platform.ts';
import { aJournal } from '../../../helpers/run.ts';

/** Two ways to one file, of which Windows replaces none that is open. */
class OneFile {
  content = Buffer.alloc(0);
  readonly #open = new Set<StateStore>();

  store(): StateStore {
    const store: StateStore = {
      place: 'S:\\',
      read: async () => this.content,
      append: async (bytes) => {
        this.#open.add(store);
        this.content = Buffer.concat([this.content, bytes]);
      },
      replace: async (bytes) => {
        this.#open.delete(store);
        if (this.#open.size > 0) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
        this.content = Buffer.from(bytes);
      },
      remove: async () => {
        this.content = Buffer.alloc(0);
      },
      close: async () => void this.#open.delete(store),
    };
    return store;
  }
}

it('moves to where it is already, by another way, without losing it', async () => {
  const file = new OneFile();
  const journal = aJournal();
  await journal.moveTo(file.store());
  journal.record({ record: 'condition', entry: 1, holds: true });
  await journal.flush({ sync: true });
  await journal.moveTo(file.store());
  expect(file.content.toString('utf8')).toContain('"record":"condition"');
});

it('leaves nothing behind where it was', async () => {
  const [before, after] = [new OneFile(), new OneFile()];
  const journal = aJournal();
  await journal.moveTo(before.store());
  await journal.moveTo({ ...after.store(), place: 'W:\\' });
  expect(before.content.length).toBe(0);
  expect(after.content.toString('utf8')).toContain('"record":"begin"');
});
