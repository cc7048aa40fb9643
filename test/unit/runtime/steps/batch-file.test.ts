import { describe, expect, it } from 'vitest';
import { batchArguments, batchFile } from '../../../../runtime/steps/batch-file.ts';

const WISH = { folder: 'C:\\t', program: 'setup.exe', rest: '' };

it('the whole of it', () => {
  expect(
    batchFile({ folder: 'C:\\50% & more', program: 'C:\\a b\\100%.exe', rest: '/x "a & b" %TEMP% ^ (1>2)' }),
  ).toMatchInlineSnapshot(`
      "@echo off
      "%SystemRoot%\\System32\\chcp.com" 65001 >nul
      pushd "C:\\50%% & more" || exit 1
      "C:\\a b\\100%%.exe" /x ^"a ^& b^" %%TEMP%% ^^ ^(1^>2^)
      popd & exit %errorlevel%
      "
    `);
  expect(batchArguments('C:\\t\\step-1.cmd', 'C:\\t\\step-1.txt')).toBe(
    '/d /e:on /v:off /c .\\step-1.cmd >.\\step-1.txt 2>&1 <nul',
  );
});

describe('the line of the program', () => {
  const line = (wish: Partial<typeof WISH>) => batchFile({ ...WISH, ...wish }).split('\r\n')[3];

  it.each([
    ['', '"setup.exe"'],
    ['a  b\tc', '"setup.exe" a  b\tc'],
    ['"a b"', '"setup.exe" ^"a b^"'],
    ['^& | < >', '"setup.exe" ^^^& ^| ^< ^>'],
    ['%a% %%', '"setup.exe" %%a%% %%%%'],
    ['!a! é\u00a0', '"setup.exe" !a! é\u00a0'],
  ])('with %j', (rest, expected) => expect(line({ rest })).toBe(expected));

  it.each<[Partial<typeof WISH>, RegExp]>([
    [{ rest: 'a\nb' }, /line break/],
    [{ rest: 'a\u001ab' }, /line break/],
    [{ program: 'a\rb' }, /line break/],
    [{ folder: 'C:\\a\nb' }, /line break/],
    [{ program: '"a b.exe"' }, /a quote in its name/],
    [{ folder: 'C:\\"' }, /a quote in its name/],
    [{ rest: 'x'.repeat(8000) }, /has 8012 bytes/],
    [{ rest: '"'.repeat(4000) }, /has 8012 bytes/],
    [{ rest: 'ü'.repeat(4000) }, /has 8012 bytes/],
  ])('cannot hold %j', (wish, reason) => {
    expect(() => batchFile({ ...WISH, ...wish })).toThrow(
      expect.objectContaining({ code: 'STEP_FAILED', message: expect.stringMatching(reason) }),
    );
  });
});
