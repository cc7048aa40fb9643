import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeZip } from '../../../../builder/export/zip-writer.ts';
import { openZip, ZIP_LIMITS } from '../../../../builder/import/zip-reader.ts';
import { isMediasmithError } from '../../../../runtime/contract/errors.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

/** Changes the bytes of a zip: `edit` gets the whole and where the records of its first member begin. */
async function spoilt(edit: (bytes: Buffer, local: number, central: number) => Buffer | undefined): Promise<string> {
  const file = join(await temporaryFolder(), 'a.zip');
  await writeZip(file, [
    { path: 'aaaaaaaa.xml', text: 'first '.repeat(100) },
    { path: 'bbbbbbbb.xml', text: 'second' },
  ]);
  const bytes = await readFile(file);
  const local = bytes.indexOf('PK\u0003\u0004', 0, 'latin1');
  const central = bytes.indexOf('PK\u0001\u0002', 0, 'latin1');
  await writeFile(file, edit(bytes, local, central) ?? bytes);
  return file;
}

/** Another name of the same length for the first member. */
const renamed = (name: string) => (bytes: Buffer, local: number, central: number) => {
  bytes.write(name, local + 30, 'latin1');
  bytes.write(name, central + 46, 'latin1');
  return bytes;
};

/** Writes a number of `size` bytes at a place. */
function put(bytes: Buffer, at: number, value: number, size: 2 | 4): Buffer {
  bytes.writeUIntLE(value, at, size);
  return bytes;
}

async function everything(file: string): Promise<void> {
  await using zip = await openZip(file);
  for (const { path } of zip.members) await zip.read(path);
}

describe('openZip', () => {
  it('reads members, small and by stream', async () => {
    await using zip = await openZip(await spoilt(() => undefined));
    expect(zip.members).toEqual([
      { path: 'aaaaaaaa.xml', bytes: 600, stored: false },
      { path: 'bbbbbbbb.xml', bytes: 6, stored: false },
    ]);
    expect((await zip.read('bbbbbbbb.xml')).toString()).toBe('second');
  });

  it.each<[string, Parameters<typeof spoilt>[0], RegExp]>([
    ['a path that goes up', renamed('../aaaaa.xml'), /invalid relative path/],
    ['a path that goes up in its middle', renamed('a/../../.xml'), /invalid relative path/],
    ['a path that goes up with backslashes', renamed('..\\..\\aa.xml'), /invalid/],
    ['an absolute path', renamed('/aaaaaaa.xml'), /absolute path/],
    ['a drive letter', renamed('C:\\aaaaa.xml'), /absolute path|leaves the folder/],
    ['another stream of a file', renamed('aaa:aaaa.xml'), /leaves the folder/],
    ['a name with control characters', renamed('aaa\u001baaaa.xml'), /control characters/],
    ['a name twice', renamed('bbbbbbbb.xml'), /stands in it twice/],
    ['a name twice but for its case', renamed('BBBBBBBB.XML'), /stands in it twice/],
    [
      'an encrypted member',
      (bytes, local, central) => put(put(bytes, local + 6, 1, 2), central + 8, 1, 2),
      /encrypted/,
    ],
    ['a symbolic link', (bytes, _local, central) => put(bytes, central + 38, 0o120777 * 65_536, 4), /symbolic link/],
    [
      'a way of compression nobody reads',
      (bytes, _local, central) => put(bytes, central + 10, 12, 2),
      /compressed in a way/,
    ],
    [
      'a member too large',
      (bytes, _local, central) => put(bytes, central + 24, ZIP_LIMITS.memberBytes + 1, 4),
      /would unpack to more/,
    ],
    ['a member larger than it says', (bytes, _local, central) => put(bytes, central + 24, 10, 4), /too many bytes/],
    ['a cut', (bytes) => bytes.subarray(0, bytes.length - 30), /End of central directory|central directory/i],
    ['a damaged member', (bytes, local) => bytes.fill(0xff, local + 42, local + 50), /is not taken/],
    ['no zip at all', () => Buffer.from('PK\u0003\u0004 and then nothing'), /is not taken/],
  ])('refuses %s', async (_name, edit, reason) => {
    const error = await everything(await spoilt(edit)).catch((caught) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toMatch(reason);
    expect(isMediasmithError(error) && error.code).toBe('IMPORT_INVALID');
  });

  it('refuses many members that are too much together', async () => {
    const file = join(await temporaryFolder(), 'b.zip');
    const text = '\0'.repeat(60 * 1024 ** 2);
    await writeZip(
      file,
      Array.from({ length: 5 }, (_, index) => ({ path: `${index}.xml`, text })),
    );
    await expect(everything(file)).rejects.toThrow(/would unpack to more than 256 MB/);
  });
});
