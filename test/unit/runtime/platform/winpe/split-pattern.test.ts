import { expect, it } from 'vitest';
import { splitPattern } from '../../../../../runtime/platform/winpe/split-pattern.ts';

const FIRST = 'D:\\images\\win.swm';

it.each<[string, number, string[], string | undefined]>([
  ['alone', 2, ['win.swm', 'win2.swm'], 'D:\\images\\win*.swm'],
  ['whatever the case', 2, ['WIN.SWM', 'Win2.swm'], 'D:\\images\\win*.swm'],
  ['beside other files', 2, ['win.swm', 'win2.swm', 'boot.swm', 'win.wim'], 'D:\\images\\win*.swm'],
  ['beside a set of a longer name', 2, ['win.swm', 'win2.swm', 'win-pro.swm', 'win-pro2.swm'], 'D:\\images\\win?.swm'],
  [
    'with ten parts',
    10,
    ['win.swm', ...Array.from({ length: 9 }, (_, n) => `win${n + 2}.swm`)],
    'D:\\images\\win*.swm',
  ],
  [
    'with ten parts beside a set of a longer name',
    10,
    ['win.swm', ...Array.from({ length: 9 }, (_, n) => `win${n + 2}.swm`), 'win-pro.swm'],
    undefined,
  ],
  ['beside a set whose name is a number longer', 2, ['win.swm', 'win2.swm', 'win3.swm'], undefined],
  ['without one of its parts', 3, ['win.swm', 'win2.swm'], undefined],
])('a split image %s', (_, parts, names, pattern) => {
  expect(splitPattern(FIRST, parts, names)).toBe(pattern);
});
