import { expect, it } from 'vitest';
import { WinpeStart } from '../../../../runtime/contract/winpe-start.ts';

const START = {
  formatVersion: 1,
  bootImage: '0f2c8a52-6c86-4d0b-9f3b-3a6f3a0c5e11',
  commandPrompt: false,
  drivers: ['drivers/disk'],
};

it('reads what the builder writes', () => {
  expect(WinpeStart.parse(START)).toEqual(START);
  expect(WinpeStart.parse({ ...START, keyboardLayout: '0407:00000407' }).keyboardLayout).toBe('0407:00000407');
});

it.each([
  ['a keyboard layout that wpeutil does not take', { keyboardLayout: 'de-DE' }],
  ['a driver folder elsewhere', { drivers: ['../drivers'] }],
  ['a later format', { formatVersion: 2 }],
  ['no name', { bootImage: 'x' }],
])('refuses %s', (_, change) => {
  expect(WinpeStart.safeParse({ ...START, ...change }).success).toBe(false);
});
