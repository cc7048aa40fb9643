import { describe, expect, it } from 'vitest';
import type { StepType } from '../../../../../runtime/steps/schema.ts';
import { definitionOf, parse } from './definitions.ts';

const RULE = { variables: [{ name: 'A', value: '1' }] };

describe('what can be told of a step beforehand', () => {
  const needs = (type: StepType, options: object): object => definitionOf(type).needs(parse(type, options));
  const sets = (type: StepType, options: object): readonly string[] => definitionOf(type).sets(parse(type, options));
  const goesOnIn = (type: StepType, options: object): unknown => definitionOf(type).continuesIn(parse(type, options));

  it('is what it takes from the medium', () => {
    expect(needs('apply-operating-system', { image: 'i', answerFilePackage: 'p', answerFile: 'a' })).toEqual({
      images: ['i'],
      packages: ['p'],
    });
    expect(needs('install-application', { baseVariable: 'B', candidates: ['a'] })).toEqual({ applications: ['a'] });
    expect(needs('install-package', { package: 'p', command: 'c' })).toEqual({ packages: ['p'] });
    expect(needs('upgrade-operating-system', { upgradePackage: 'u', postOobePackage: 'p' })).toEqual({
      upgradePackages: ['u'],
      packages: ['p'],
      windowsRuntime: true,
    });
    expect(needs('setup-windows', {})).toEqual({ windowsRuntime: true });
    expect(definitionOf('run-sequence').child(parse('run-sequence', { sequence: 'a' }))).toBe('a');
  });

  it('is which variables it sets', () => {
    expect(sets('stage-content', { packages: ['a', 'b'], destinationVariable: 'C' })).toEqual(['C01', 'C02']);
    expect(sets('capture-windows-settings', { computerName: false, registrationInfo: false })).toEqual(['OSDTimeZone']);
    expect(sets('set-dynamic-variables', { rules: [RULE, RULE] }).filter((name) => !name.startsWith('_'))).toEqual([
      'A',
    ]);
    expect(sets('run-command-line', { command: 'a', outputVariable: 'Out' })).toEqual(['Out']);
    expect(
      sets('format-and-partition-disk', { volumes: [{ type: 'primary', size: 'rest', variable: 'OSDisk' }] }),
    ).toEqual(['OSDisk']);
  });

  it('is where the sequence goes on', () => {
    expect(goesOnIn('setup-windows', {})).toBe('full-os');
    expect(goesOnIn('restart-computer', {})).toBe('full-os');
    expect(goesOnIn('restart-computer', { target: 'winpe' })).toBe('winpe');
    expect(goesOnIn('prepare-windows-for-capture', {})).toBe('winpe');
    expect(goesOnIn('upgrade-operating-system', { installPath: 'D:' })).toBe('full-os');
    expect(goesOnIn('upgrade-operating-system', { installPath: 'D:', scanOnly: true })).toBeUndefined();
  });
});
