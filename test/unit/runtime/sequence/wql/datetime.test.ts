import { expect, it } from 'vitest';
import { cimDatetime, datetimeOf } from '../../../../../runtime/sequence/wql/datetime.ts';

const NOON = Date.UTC(2024, 0, 31, 12);

it.each<[string, number | undefined]>([
  ['20240131120000.000000+000', NOON],
  ['20240131130000.000000+060', NOON],
  ['20240131070000.000000-300', NOON],
  ['20240131120000', NOON],
  ['20240131', NOON - 12 * 3_600_000],
  ['2024-01-31', NOON - 12 * 3_600_000],
  ['2024-01-31 12:00', NOON],
  ['2024-01-31T12:00:00Z', NOON],
  ['1/31/2024 12:00:00 PM', NOON],
  ['1/31/2024 12:00 AM', NOON - 12 * 3_600_000],
  ['01/31/2024', NOON - 12 * 3_600_000],
  ['20240231000000.000000+000', undefined],
  ['2024-13-01', undefined],
  ['31/1/2024', undefined],
  ['2024-01-31 25:00', undefined],
  ['********000000.000000+000', undefined],
  ['today', undefined],
])('%s is %s', (text, expected) => {
  expect(datetimeOf(text)).toBe(expected);
});

it('is written as WMI does', () => {
  expect(cimDatetime(new Date(NOON))).toBe('20240131120000.000000+000');
});
