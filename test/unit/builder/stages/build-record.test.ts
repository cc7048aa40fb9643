import { expect, it } from 'vitest';
import { buildRecord } from '../../../../builder/stages/build-record.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

it('says who and when, and takes the time that reproducible builds are given', () => {
  expect(buildRecord({}, NOW)).toEqual({ by: expect.stringMatching(/^.+@.+$/), at: '2026-11-21T12:00:00.000Z' });
  expect(buildRecord({ SOURCE_DATE_EPOCH: '86400' }, NOW).at).toBe('1970-01-02T00:00:00.000Z');
  expect(buildRecord({ SOURCE_DATE_EPOCH: '' }, NOW).at).toBe('2026-11-21T12:00:00.000Z');
});

it('refuses a time that is none', () => {
  expect(() => buildRecord({ SOURCE_DATE_EPOCH: 'junk' }, NOW)).toThrow(/SOURCE_DATE_EPOCH is "junk"/);
});
