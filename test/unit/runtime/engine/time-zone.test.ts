import { expect, it } from 'vitest';
import type { RegistryValue } from '../../../../runtime/contract/facts.ts';
import { timeZone } from '../../../../runtime/engine/time-zone.ts';

const dword = (minutes: number): RegistryValue => ({ type: 'REG_DWORD', data: BigInt.asUintN(32, BigInt(minutes)) });
const text = (data: string): RegistryValue => ({ type: 'REG_SZ', data });
/** As the key has it: year, month, day, hour, minute, second, milliseconds, day of the week. */
const date = (...fields: number[]): RegistryValue => ({
  type: 'REG_BINARY',
  data: new Uint8Array(new Uint16Array(fields).buffer),
});

const BERLIN: Readonly<Record<string, RegistryValue>> = {
  Bias: dword(-60),
  StandardBias: dword(0),
  DaylightBias: dword(-60),
  StandardStart: date(0, 10, 5, 3, 0, 0, 0, 0),
  DaylightStart: date(0, 3, 5, 2, 0, 0, 0, 6),
  StandardName: text('@tzres.dll,-322'),
  DaylightName: text('@tzres.dll,-321'),
};

const zoneOf = (values: Readonly<Record<string, RegistryValue>>) =>
  timeZone({ registryValue: async (_key, name) => values[name] });

it('is what the registry says, in the order of the variable', async () => {
  expect(await zoneOf(BERLIN)).toBe('-60,0,-60,0,10,0,5,3,0,0,0,0,3,6,5,2,0,0,0,@tzres.dll,-322,@tzres.dll,-321');
});

it('is empty where there is no registry, or not all of it', async () => {
  expect(await timeZone({ registryValue: () => Promise.reject(new Error('no registry')) })).toBe('');
  const { DaylightName: _, ...rest } = BERLIN;
  expect(await zoneOf(rest)).toBe('');
  expect(await zoneOf({ ...BERLIN, StandardStart: date(0, 1) })).toBe('');
});
