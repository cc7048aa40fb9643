import { describe, expect, it } from 'vitest';
import {
  expandDeep,
  expandText,
  VariableName,
  Variables,
  WritableVariableName,
} from '../../../../runtime/contract/variables.ts';

function variables(values: Record<string, string>): Variables {
  const all = new Variables();
  for (const [name, value] of Object.entries(values)) all.set(name, value);
  return all;
}

describe('Variables', () => {
  it('have names without regard to case', () => {
    const all = variables({ OSDComputerName: 'A' });
    all.set('osdcomputername', 'B');
    expect(all.get('OSDCOMPUTERNAME')).toBe('B');
  });

  it('are deleted by an empty value', () => {
    const all = variables({ A: '1' });
    all.set('a', '');
    expect(all.get('A')).toBeUndefined();
  });

  it('do not take the names of objects for set', () => {
    expect(variables({}).get('constructor')).toBeUndefined();
    expect(variables({}).get('__proto__')).toBeUndefined();
  });

  it('stay secret when only the value changes, and so does what they were', () => {
    const all = new Variables();
    all.set('Password', 'first', { secret: true });
    all.set('PASSWORD', 'second');
    all.set('Plain', 'seen');
    expect(all.secrets()).toEqual(['first', 'second']);
    all.set('Password', '');
    expect(all.secrets()).toEqual(['first', 'second']);
  });

  it('never make a secret of nothing', () => {
    const all = new Variables();
    all.set('Password', '', { secret: true });
    expect(all.secrets()).toEqual([]);
  });
});

describe('expandText', () => {
  const all = variables({ a: '1', b: '%a%', 'with-dash_9': 'x' });

  it.each([
    ['%a%', '1'],
    ['%A%-%a%', '1-1'],
    ['%unset%', '%unset%'],
    ['%a%b%', '1b%'],
    ['%unset%a%', '%unset%a%'],
    ['100%', '100%'],
    ['%%', '%%'],
    ['%a b%', '%a b%'],
    ['%with-dash_9%', 'x'],
    ['%b%', '%a%'],
    ['%1%', '%1%'],
  ])('makes %s into %s', (text, expanded) => {
    expect(expandText(text, all)).toBe(expanded);
  });

  it('takes a value as it stands, also one with the signs of a replacement', () => {
    expect(expandText('%m%', variables({ m: '$& $1' }))).toBe('$& $1');
  });

  it('reaches every text inside plain data and leaves the rest', () => {
    const value = { list: ['%a%', 2, null], deep: { '%a%': '%a%', flag: true } };
    expect(expandDeep(value, all)).toEqual({ list: ['1', 2, null], deep: { '%a%': '1', flag: true } });
  });
});

describe('names', () => {
  it.each(['A', '_SMSTSModel', 'a-b_9'])('%s is one', (name) => {
    expect(VariableName.safeParse(name).success).toBe(true);
  });

  it.each(['', '9a', '-a', 'a b', 'a%', 'ä', 'a'.repeat(257)])('%j is none', (name) => {
    expect(VariableName.safeParse(name).success).toBe(false);
  });

  it('that begin with _ cannot be written', () => {
    expect(WritableVariableName.safeParse('_SMSTSModel').success).toBe(false);
    expect(WritableVariableName.safeParse('OSDComputerName').success).toBe(true);
  });
});
