import { describe, expect, it } from 'vitest';
import { Entry, flattenSteps, Sequence, titleOf } from '../../../../runtime/sequence/schema.ts';

const RESTART = { step: 'restart-computer' };
const SEQUENCE = { formatVersion: 2, id: 'a', name: 'A', steps: [RESTART] };

describe('Sequence', () => {
  it('has defaults that leave a failed machine to a person', () => {
    expect(Sequence.parse(SEQUENCE)).toMatchObject({ onSuccess: 'restart', onFailure: 'shell' });
  });

  it.each([
    { formatVersion: 3 },
    { id: 'Install' },
    { id: '-a' },
    { id: 'a/b' },
    { id: 'a'.repeat(65) },
    { name: '' },
    { steps: [] },
    { steps: [{ ...RESTART, group: 'G' }] },
    { steps: [{ group: '', steps: [] }] },
    { steps: [{ ...RESTART, timeout: 3 }] },
    { onSuccess: 'logoff' },
  ])('refuses %o', (change) => {
    expect(Sequence.safeParse({ ...SEQUENCE, ...change }).success).toBe(false);
  });
});

describe('a volume of the layout', () => {
  const partition = (volume: object) => ({
    step: 'format-and-partition-disk',
    volumes: [{ type: 'primary', ...volume }],
  });

  it.each(['10 GB', '50%', '100%', 'rest'])('may have the size %s', (size) => {
    expect(Entry.safeParse(partition({ size })).success).toBe(true);
  });

  it.each(['101%', '-1%', '5.5%', 'all', '10'])('may not have the size %s', (size) => {
    expect(Entry.safeParse(partition({ size })).success).toBe(false);
  });

  it.each(['two\nlines', 'quo"te', '', 'x'.repeat(33)])('may not be called %j', (name) => {
    expect(Entry.safeParse(partition({ size: 'rest', name })).success).toBe(false);
  });

  it('may not write a variable of the engine', () => {
    expect(Entry.safeParse(partition({ size: 'rest', variable: '_SMSTSMake' })).success).toBe(false);
  });
});

it('flattens a tree in order, with what is disabled', () => {
  const { steps } = Sequence.parse({
    ...SEQUENCE,
    steps: [
      {
        group: 'G',
        steps: [
          { ...RESTART, name: 'one' },
          { group: 'H', steps: [{ ...RESTART, enabled: false }] },
        ],
      },
      { ...RESTART, name: 'three' },
    ],
  });
  expect(flattenSteps(steps).map(titleOf)).toEqual(['one', 'Restart Computer', 'three']);
  expect(steps.map(titleOf)).toEqual(['G', 'three']);
});

describe('successCodes', () => {
  it('is a list of every step, with defaults where the step runs a program for its author', () => {
    const parse = (step: object) => Entry.parse(step);
    expect(parse({ step: 'run-command-line', command: 'a' })).toMatchObject({ successCodes: [0, 3010] });
    expect(parse(RESTART)).not.toHaveProperty('successCodes');
    expect(parse({ ...RESTART, successCodes: [0, -5, 4294967295] })).toHaveProperty('successCodes');
    expect(Entry.safeParse({ ...RESTART, successCodes: [] }).success).toBe(false);
    expect(Entry.safeParse({ ...RESTART, successCodes: [4294967296] }).success).toBe(false);
  });

  it.each([
    [{ step: 'setup-windows' }, 'nothing can follow'],
    [{ step: 'format-and-partition-disk' }, 'half done on a disk'],
    [{ step: 'capture-user-state', package: 'usmt' }, 'continueOnLockedFiles'],
    [{ step: 'run-sequence', sequence: 'child' }, 'lists of their own'],
  ])('is 0 alone of %o', (step, why) => {
    expect(Entry.safeParse({ ...step, successCodes: [0] }).success).toBe(true);
    for (const successCodes of [[5], [0, 5], [0, 0], []])
      expect(Entry.safeParse({ ...step, successCodes }).success).toBe(false);
    const { issues } = Sequence.safeParse({ ...SEQUENCE, steps: [{ ...step, successCodes: [5] }] }).error ?? {
      issues: [],
    };
    expect(JSON.stringify(issues)).toContain(why);
  });
});
