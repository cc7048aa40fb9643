import { expect, it } from 'vitest';
import { discVolumeLabel, parseDiscLabel } from '../../../../runtime/contract/disc.ts';

const LABEL = { formatVersion: 1, mediumId: '3b241101-e2bb-4255-8caf-4136c566a962', disc: 2, of: 3 };

it('reads what says which disc this is, and nothing that cannot be true', () => {
  expect(parseDiscLabel(JSON.stringify(LABEL))).toEqual(LABEL);
  const wrong = [
    { disc: 4 },
    { disc: 0 },
    { disc: '2' },
    { of: 1, disc: 1 },
    { formatVersion: 2 },
    { mediumId: 'x' },
  ].map((change) => JSON.stringify({ ...LABEL, ...change }));
  for (const text of ['', '{', 'null', '[]', ...wrong]) expect(parseDiscLabel(text), text).toBeUndefined();
});

it('numbers volume labels, however long they are', () => {
  expect(discVolumeLabel('BRANCH_OFFICE', 2)).toBe('BRANCH_OFFICE_2');
  expect(discVolumeLabel('A'.repeat(32), 12)).toBe(`${'A'.repeat(29)}_12`);
});
