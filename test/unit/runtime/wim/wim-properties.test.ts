import { expect, it } from 'vitest';
import { fileTimeHalves, fileTimeOfHalves } from '../../../../runtime/wim/wim-properties.ts';

it('gives an instant as the halves of a FILETIME', () => {
  // 1970-01-01 is 116,444,736,000,000,000 ticks of 100 ns after 1601-01-01.
  expect(fileTimeHalves(0n)).toEqual({ high: '0x019DB1DE', low: '0xD53E8000' });
  expect(fileTimeHalves(199n)).toEqual({ high: '0x019DB1DE', low: '0xD53E8001' });
});

it('pads each half to eight digits', () => {
  const untilTheHighHalfTurns = (0x100000000n - 0xd53e8000n) * 100n;
  expect(fileTimeHalves(untilTheHighHalfTurns)).toEqual({ high: '0x019DB1DF', low: '0x00000000' });
});

it('reads the halves back, and nothing of what is no number', () => {
  expect(fileTimeOfHalves('0x019DB1DE', '0xD53E8001')).toBe(100n);
  expect(fileTimeOfHalves('', '0xD53E8001')).toBeUndefined();
  expect(fileTimeOfHalves('0x019DB1DE', '0x1D53E8001')).toBeUndefined();
});
