import { describe, expect, it } from 'vitest';
import { allExclusions, isExcluded, wimScript } from '../../../../runtime/platform/exclusions.ts';

describe('the list of exclusions', () => {
  it('is what DISM reads', () => {
    expect(
      wimScript(allExclusions(['\\Users\\*\\Downloads', '/Temp']))
        .toString('latin1')
        .split('\r\n'),
    ).toMatchInlineSnapshot(`
      [
        "[ExclusionList]",
        "\\$ntfs.log",
        "\\hiberfil.sys",
        "\\pagefile.sys",
        "\\swapfile.sys",
        "\\System Volume Information",
        "\\RECYCLER",
        "\\$Recycle.Bin",
        "\\Windows\\CSC",
        "\\_SMSTaskSequence",
        "\\MediasmithScratch",
        "\\Users\\*\\Downloads",
        "\\Temp",
        "",
        "[CompressionExclusionList]",
        "*.mp3",
        "*.zip",
        "*.cab",
        "\\WINDOWS\\inf\\*.pnf",
        "",
      ]
    `);
  });

  it('is written in UTF-16 where a name needs it', () => {
    const data = wimScript(['\\Überbleibsel']);
    expect([...data.subarray(0, 2)]).toEqual([0xff, 0xfe]);
    expect(data.toString('utf16le', 2)).toContain('\r\n\\Überbleibsel\r\n');
  });
});

describe('a path', () => {
  it.each([
    ['/pagefile.sys', true],
    ['/PageFile.SYS', true],
    ['/Data/pagefile.sys', false],
    ['/_SMSTaskSequence', true],
    ['/_SMSTaskSequence2', false],
    ['/$Recycle.Bin', true],
    ['/Users/me/Downloads', true],
    ['/Users/me/x/Downloads', false],
    ['/Users/me/a.tmp', true],
    ['/a.tmpx', false],
    ['/Windows/explorer.exe', false],
  ])('%s is left out: %s', (path, excluded) => {
    expect(isExcluded(path, allExclusions(['\\Users\\*\\Downloads', '*.tmp']))).toBe(excluded);
  });
});
