import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { winpeshlIni, winpeText } from '../../../../../builder/boot/winpe/winpeshl.ts';
import { ROOT } from '../../../../helpers/sources.ts';

describe('winpeshlIni', () => {
  it('takes the template that is ours', async () => {
    const path = join(ROOT, 'templates/winpe/winpeshl.ini');
    const lines = winpeshlIni(await readFile(path, 'utf8'), path).split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain('wpeinit.exe');
  });

  it('takes a command of 250 characters and none of more', () => {
    expect(winpeshlIni(`[LaunchApps]\n${'x'.repeat(250)}`, 'a.ini')).toHaveLength(266);
    expect(() => winpeshlIni(`[LaunchApps]\nx\n${'x'.repeat(251)}`, 'a.ini')).toThrow(
      /line 3 of a.ini has more than 250/,
    );
  });

  it('wants a section', () => {
    expect(() => winpeshlIni('x.exe\n', 'a.ini')).toThrow(/no section \[LaunchApps\]/);
    winpeshlIni('[launchapp]\r\nAppPath = x.exe\r\n', 'a.ini');
  });
});

describe('winpeText', () => {
  it('gives every line CRLF, whatever it had', () => {
    expect(winpeText('a\r\n\nb', 'a.txt')).toBe('a\r\n\r\nb\r\n');
    expect(winpeText('a\n', 'a.txt')).toBe('a\r\n');
  });

  it('refuses what is not ASCII, and says where', () => {
    expect(() => winpeText('a\nß\n', 'a.txt')).toThrow(
      expect.objectContaining({ code: 'SOURCE_INVALID', message: expect.stringContaining('line 2 of a.txt') }),
    );
  });

  it('fits 80 columns', async () => {
    const path = join(ROOT, 'templates/winpe/failed.txt');
    const lines = winpeText(await readFile(path, 'utf8'), path).split('\r\n');
    expect(lines.filter((line) => line.length > 79)).toEqual([]);
    expect(lines.length).toBeLessThan(25);
  });
});
