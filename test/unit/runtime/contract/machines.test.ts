import { describe, expect, it } from 'vitest';
import { Machines, variablesFor, variablesOf } from '../../../../runtime/contract/machines.ts';
import { aMachine } from '../../../helpers/machine.ts';

const MACHINE = aMachine({
  ...{ make: 'Dell Inc.', model: 'Latitude 5440 ', serial: 'ABC123', uuid: '4C4C4544-0042', assetTag: 'T-7' },
  macAddresses: ['00:11:22:AA:BB:CC', '00:11:22:AA:BB:CD'],
});

function found(file: object, media: Parameters<typeof variablesFor>[2] = []): Record<string, string> {
  const variables = variablesFor(Machines.parse({ formatVersion: 1, ...file }), MACHINE, media);
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

function fits(match: object): boolean {
  return Object.keys(found({ machines: [{ match, variables: { A: '1' } }] })).length === 1;
}

describe('a machine is meant', () => {
  it.each([
    { serial: 'abc123' },
    { serial: ['x', 'ABC*'] },
    { make: 'dell*', model: 'Latitude ?440' },
    { mac: '001122aabbcd' },
    { mac: ['00-11-22-AA-BB-*'] },
    { uuid: '4c4c4544-0042', assetTag: 'T-7' },
    { model: '*' },
  ])('by %o', (match) => {
    expect(fits(match)).toBe(true);
  });

  it.each([
    { serial: 'ABC12' },
    { make: 'Dell*', model: 'OptiPlex*' },
    { mac: '00112' },
    { make: 'Dell Inc,' },
    { serial: 'A.C123' },
  ])('not by %o', (match) => {
    expect(fits(match)).toBe(false);
  });

  it('never by nothing', () => {
    expect(() => fits({})).toThrow(/at least one/);
  });
});

it('takes collections, the later over the earlier, over them the machine, over them the medium', () => {
  const file = {
    collections: [
      { name: 'all', variables: { A: 'all', B: 'all', C: 'all', D: 'all' } },
      { name: 'Dell', match: { make: 'Dell*' }, variables: { b: 'dell', C: 'dell', D: 'dell' } },
      { name: 'others', match: { make: 'HP' }, variables: { A: 'hp' } },
    ],
    machines: [{ match: { serial: 'ABC123' }, variables: { C: 'own', D: 'own' } }],
  };
  const media = [
    { name: 'D', value: 'medium', secret: false },
    { name: 'C', secret: false },
  ];
  expect(found(file, media)).toEqual({ A: 'all', b: 'dell', C: 'own', D: 'medium' });
  expect(variablesOf(Machines.parse({ formatVersion: 1, ...file }))).toEqual(['A', 'B', 'C', 'D', 'b']);
});

it('takes no name of the engine and no value that is more than one', () => {
  const parse = (variables: object) =>
    Machines.safeParse({ formatVersion: 1, machines: [{ match: { serial: '1' }, variables }] }).success;
  expect([parse({ A: 1, B: false }), parse({ _SMSTSMake: 'x' }), parse({ A: ['x'] })]).toEqual([true, false, false]);
});
