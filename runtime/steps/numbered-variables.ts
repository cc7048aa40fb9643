import type { Variables } from '../contract/variables.ts';

/**
 * The values of ConfigMgr's numbered variables (APPS01, APPS02; PACKAGES001) from 1 up to the first that is not set.
 * Numbers that have more digits than the list has are written as they are.
 */
export function numberedVariables(variables: Variables, base: string, digits: number): string[] {
  const values: string[] = [];
  for (;;) {
    const value = variables.get(numberedName(base, values.length + 1, digits));
    if (value === undefined) return values;
    values.push(value);
  }
}

export function numberedName(base: string, number: number, digits: number): string {
  return `${base}${String(number).padStart(digits, '0')}`;
}
