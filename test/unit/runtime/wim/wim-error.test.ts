import { describe, expect, it } from 'vitest';
import { isMediasmithError } from '../../../../runtime/contract/errors.ts';
import { type WimFailure, type WimTask, wimError } from '../../../../runtime/wim/wim-error.ts';

const FULL = ['Error writing data to NTFS volume: No space left on device'];

function failure(task: WimTask, code: number, lines: readonly string[] = []): WimFailure {
  return { task, code, lines, text: 'The text', doing: 'do it', where: '/a.wim' };
}

function codeOf(error: Error): string | undefined {
  return isMediasmithError(error) ? error.code : undefined;
}

describe('wimError', () => {
  it('carries what was tried, the text of the library, its messages and the file', () => {
    expect(wimError(failure('read', 28, ['Hash mismatch']))).toMatchObject({
      code: 'IMAGE_CORRUPT',
      message: 'cannot do it: The text',
      where: '/a.wim',
      lines: ['Hash mismatch'],
      hint: expect.stringContaining('SHA-256'),
    });
  });

  it.each<[WimTask, number, string]>([
    ['open', 43, 'SOURCE_INVALID'],
    ['open', 47, 'SOURCE_NOT_FOUND'],
    ['open', 65, 'IMAGE_CORRUPT'],
    ['open', 17, 'IMAGE_CORRUPT'],
    ['read', 18, 'IMAGE_NOT_FOUND'],
    ['read', 49, 'SOURCE_NOT_FOUND'],
    ['apply-volume', 46, 'IMAGE_APPLY_FAILED'],
    ['apply-volume', 28, 'IMAGE_CORRUPT'],
    ['apply-folder', 47, 'IMAGE_APPLY_FAILED'],
    ['apply-folder', 37, 'IMAGE_APPLY_FAILED'],
    ['capture', 47, 'SOURCE_NOT_FOUND'],
    ['capture', 48, 'SOURCE_NOT_FOUND'],
    ['capture', 40, 'SOURCE_NOT_FOUND'],
    ['add', 40, 'SOURCE_INVALID'],
    ['add', 23, 'SOURCE_INVALID'],
    ['open', 71, 'SOURCE_INVALID'],
    ['write', 68, 'SOURCE_INVALID'],
    ['write', 72, 'BUILD_FAILED'],
    ['write', 88, 'BUILD_FAILED'],
    ['verify', 2, 'IMAGE_CORRUPT'],
    ['open', 9999, 'IMAGE_CORRUPT'],
  ])('gives %s with code %i the meaning %s', (task, code, meaning) => {
    expect(codeOf(wimError(failure(task, code)))).toBe(meaning);
  });

  it('names programs that list the images where one is not there', () => {
    expect(wimError(failure('read', 18))).toMatchObject({
      hint: expect.stringMatching(/"wimlib-imagex info FILE".*"dism \/Get-ImageInfo"/),
    });
  });

  it('tells a full volume from a full disk', () => {
    expect(codeOf(wimError(failure('apply-volume', 46, FULL)))).toBe('VOLUME_TOO_SMALL');
    expect(codeOf(wimError(failure('apply-folder', 72, FULL)))).toBe('NO_SPACE');
    expect(codeOf(wimError(failure('write', 72, FULL)))).toBe('NO_SPACE');
  });

  it('says who ended an aborted call, and gives no hint', () => {
    const error = wimError(failure('apply-volume', 76));
    expect(error).toMatchObject({ code: 'INTERRUPTED', message: 'interrupted: do it', hint: undefined });
  });

  it('takes wrong arguments for our bug only where no file from outside can be their cause', () => {
    expect(codeOf(wimError(failure('modify', 24)))).toBeUndefined();
    expect(codeOf(wimError(failure('capture', 24)))).toBeUndefined();
    expect(codeOf(wimError(failure('verify', 24)))).toBe('IMAGE_CORRUPT');
  });
});
