import { describe, expect, it } from 'vitest';
import {
  explain,
  extractArgv,
  keepComplaints,
  listArgv,
  parseListing,
  sevenZip,
} from '../../../../builder/tools/seven-zip.ts';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import type { Exec } from '../../../../runtime/host/exec.ts';

it('asks nothing, and takes names that look like options or patterns for names', () => {
  expect(listArgv('-a.iso').join(' ')).toBe('l -slt -sccUTF-8 -bd -bsp0 -spd -p -y -- -a.iso');
  expect(extractArgv('a.iso', ['x*', '@y'], '/o').join(' ')).toBe(
    'x -bso0 -sccUTF-8 -bd -bsp0 -spd -p -y -o/o -- a.iso x* @y',
  );
});

const HEAD = '7-Zip (z) 26.02\n\nListing archive: a\n\n--\nPath = a\n';

it('reads a listing: files with their sizes, folders by either way of saying so', () => {
  const text = [
    `${HEAD}Type = Udf\nPhysical Size = 9\n\n----------\nPath = sources\nFolder = +\nSize = \n`,
    'Path = sources\\boot.wim\nFolder = -\nSize = 12\nModified = 2026-11-20 12:34:56.789012\n',
    'Path = docs\nSize = 0\nAttributes = D drwxr-xr-x\n',
    'Path = docs/a = b.txt\nSize = 3\nAttributes = A -rw-r--r--\nModified = \n',
    '',
  ].join('\n');
  expect(parseListing(text)).toEqual({
    format: 'Udf',
    files: [
      { path: 'sources/boot.wim', bytes: 12, modified: new Date('2026-11-20T12:34:56.789Z') },
      { path: 'docs/a = b.txt', bytes: 3 },
    ],
  });
});

it('says no format where one archive lies in another, and takes no comment for a list of files', () => {
  const nested = `${HEAD}Type = xz\n----\nPath = a.iso\nSize = 3\n--\nPath = a.iso\nType = Iso\n\n----------\n`;
  expect(parseListing(`${nested}Path = x\nFolder = -\nSize = 1\n`)).toEqual({ files: [{ path: 'x', bytes: 1 }] });
  const comment = `${HEAD}Type = zip\nComment = \n{\n----------\nhello\n----------\n}\n\n----------\n`;
  expect(parseListing(`${comment}Path = x\nFolder = -\nSize = 1\n`)).toEqual({
    format: 'zip',
    files: [{ path: 'x', bytes: 1 }],
  });
  expect(parseListing('')).toEqual({ files: [] });
});

describe('what it says when it fails', () => {
  it.each([
    ['ERROR: Wrong password : a', 'is protected by a password'],
    ['ERROR: a.7z : Cannot open encrypted archive. Wrong password?', 'is protected by a password'],
    ['ERROR: CRC Failed : encrypted.txt', 'is damaged or not complete'],
    ['ERROR: Data Error : a', 'is damaged or not complete'],
    ['Unexpected end of archive', 'is damaged or not complete'],
    ['ERROR: Cannot open the file as archive', 'is not a disc image or an archive that 7-Zip reads'],
  ])('%s', (output, message) => {
    expect(explain(output)).toMatchObject({ code: 'SOURCE_INVALID', message });
  });
});

it('finds what 7-Zip complains of before, in and behind a long listing, and takes no field for a complaint', () => {
  const complaints: string[] = [];
  const keep = keepComplaints(complaints);
  const head = ['Listing archive: a', '--', 'Path = a', 'Type = zip', 'ERRORS:', 'Unexpected end of archive'];
  const field = ['Physical Size = 9', '----------', 'Path = Wrong password', 'Encrypted = -', 'Comment =', 'Errors: 1'];
  for (const line of [...head, ...field, 'ERROR: b', 'CRC Failed', 'Path = c']) keep(line);
  expect(complaints).toEqual(['Unexpected end of archive', 'ERROR: b', 'CRC Failed']);
});

it('goes by the name it has in Debian 13 where it does not have that of Debian 12', async () => {
  const started: string[] = [];
  const exec: Exec = async ([program]) => {
    started.push(program);
    if (program === '7zz') throw new MediasmithError('TOOL_MISSING', 'not here');
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  await sevenZip(['l'], exec);
  expect(started).toEqual(['7zz', '7z']);
});
