import { expect, it } from 'vitest';
import { ERROR_CODES, exitCodeOf, isMediasmithError, MediasmithError } from '../../../../runtime/contract/errors.ts';

it('every code leads to one of the exit codes that are promised', () => {
  expect(new Set(Object.values(ERROR_CODES))).toEqual(new Set([2, 3, 4, 5, 130]));
});

it.each([
  ['PROJECT_INVALID', 2],
  ['TOOL_MISSING', 3],
  ['MEDIUM_CORRUPT', 4],
  ['STEP_FAILED', 5],
  ['INTERRUPTED', 130],
] as const)('%s ends with %i', (code, exitCode) => {
  expect(exitCodeOf(new MediasmithError(code, 'm'))).toBe(exitCode);
});

it.each([
  new Error('plain'),
  Object.assign(new Error('of the system'), { code: 'ENOENT' }),
  Object.assign(new Error('of an object'), { code: 'toString' }),
  { code: 'STEP_FAILED' },
  'text',
  undefined,
])('%o is a bug', (error) => {
  expect(isMediasmithError(error)).toBe(false);
  expect(exitCodeOf(error)).toBe(1);
});

it('is known by its shape, also from another copy of the module', () => {
  const foreign = Object.assign(new Error('m'), { code: 'USAGE', lines: [], problems: [] });
  expect(isMediasmithError(foreign)).toBe(true);
});

it('has lists where none were given, and its cause only where one was', () => {
  const bare = new MediasmithError('USAGE', 'm');
  expect([bare.lines, bare.problems, bare.hint, 'cause' in bare]).toEqual([[], [], undefined, false]);
  const cause = new Error('c');
  expect(new MediasmithError('USAGE', 'm', { cause }).cause).toBe(cause);
});
