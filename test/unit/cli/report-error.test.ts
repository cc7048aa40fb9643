import { describe, expect, it } from 'vitest';
import { errorDocument, renderError } from '../../../cli/report-error.ts';
import { MediasmithError, type Problem } from '../../../runtime/contract/errors.ts';

const PROBLEM: Problem = {
  code: 'SEQUENCE_INVALID',
  severity: 'error',
  message: 'unknown key "a"',
  hint: 'Did you mean "b"?',
  file: '/p/install.yaml',
  line: 3,
  column: 5,
};

const FULL = new MediasmithError('TOOL_FAILED', 'xorriso ended with exit code 5', {
  where: 'xorriso -as mkisofs',
  lines: ['first', 'second'],
  problems: [PROBLEM, { ...PROBLEM, severity: 'warning', line: 4 }],
  hint: 'Do this.',
  cause: new Error('outer', { cause: new Error('inner') }),
});

describe('for a person', () => {
  it('an error says what, where, why and what to do', () => {
    expect(renderError(FULL)).toMatchInlineSnapshot(`
      "
      Error TOOL_FAILED: xorriso ended with exit code 5
        where: xorriso -as mkisofs
        first
        second
      /p/install.yaml:3:5: error: unknown key "a"
          Did you mean "b"?
      /p/install.yaml:4:5: warning: unknown key "a"
          Did you mean "b"?
        because: outer
        because: inner
        Do this.
      "
    `);
  });

  it('an error that knows no more is one line', () => {
    expect(renderError(new MediasmithError('USAGE', 'm'))).toBe('\nError USAGE: m\n');
  });

  it('a bug comes with its stack and a request', () => {
    const text = renderError(new TypeError('x is undefined'));
    expect(text).toContain('This is a bug in Mediasmith.');
    expect(text).toMatch(/TypeError: x is undefined\n {4}at /);
    expect(renderError('thrown text')).toContain('thrown text');
  });
});

describe('for a program', () => {
  it('an error has all its parts, and no key for what it does not know', () => {
    expect(JSON.parse(JSON.stringify(errorDocument(FULL)))).toEqual({
      error: {
        code: 'TOOL_FAILED',
        message: 'xorriso ended with exit code 5',
        hint: 'Do this.',
        where: 'xorriso -as mkisofs',
        lines: ['first', 'second'],
        causes: ['outer', 'inner'],
      },
      problems: [PROBLEM, { ...PROBLEM, severity: 'warning', line: 4 }],
    });
    expect(JSON.parse(JSON.stringify(errorDocument(new MediasmithError('USAGE', 'm'))))).toEqual({
      error: { code: 'USAGE', message: 'm', lines: [], causes: [] },
    });
  });

  it('a bug has a code of its own', () => {
    expect(errorDocument(new Error('m'))).toMatchObject({
      error: { code: 'BUG', message: expect.stringContaining('Error: m') },
    });
  });
});
