import { describe, expect, it } from 'vitest';
import { RecordedSystem } from '../../../../../runtime/contract/recorded-machine.ts';
import { simulatedFacts } from '../../../../../runtime/platform/simulated/facts.ts';

const KEY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\A';

function recorded(type: string, data: unknown) {
  const system = RecordedSystem.parse({ registry: { [KEY]: { Value: { type, data } } } });
  return simulatedFacts(system).registryValue(KEY.toLowerCase(), 'value');
}

describe('a recorded value of the registry', () => {
  it.each([
    ['REG_DWORD', 5, 5n],
    ['REG_SZ', 'a', 'a'],
    ['REG_MULTI_SZ', ['a', 'b'], ['a', 'b']],
    ['REG_BINARY', '0aFF', Buffer.from([0x0a, 0xff])],
  ])('is what its type says: %s', async (type, data, found) => {
    expect(await recorded(type, data)).toEqual({ type, data: found });
  });

  it.each([
    ['REG_DWORD', 'abc'],
    ['REG_QWORD', '5'],
    ['REG_SZ', 5],
    ['REG_BINARY', 'xyz'],
    ['REG_BINARY', 'abc'],
  ])('decides nothing where it is not: %s %j', async (type, data) => {
    await expect(recorded(type, data)).rejects.toMatchObject({ code: 'CONDITION_NOT_EVALUATED' });
  });
});
