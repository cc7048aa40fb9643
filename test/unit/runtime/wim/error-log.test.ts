import { appendFileSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageLines, openErrorLog } from '../../../../runtime/wim/error-log.ts';

describe('messageLines', () => {
  it('drops the marks of the library and joins the lines of one message', () => {
    const text = '\r[ERROR] Failed to open "a":\n        No such file\n[WARNING] b\n\n';
    expect(messageLines(text)).toEqual(['Failed to open "a": No such file', 'b']);
  });

  it('gives nothing for nothing', () => {
    expect(messageLines('')).toEqual([]);
  });
});

describe('openErrorLog', () => {
  it('gives the messages since a mark, and leaves no file behind', () => {
    let place = '';
    const write = (text: string) => appendFileSync(place, text);
    const log = openErrorLog((path) => {
      place = path;
      write('[ERROR] before\n');
      return true;
    });
    expect(existsSync(dirname(place))).toBe(false);
    expect(log.linesSince(0)).toEqual(['before']);
    expect(log.linesSince(log.mark())).toEqual([]);
  });

  it('stays empty where the library refuses the file', () => {
    const log = openErrorLog(() => false);
    expect(log.linesSince(log.mark())).toEqual([]);
  });
});
