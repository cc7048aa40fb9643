import { type FileHandle, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Place, readPlace } from '../../builder/placed-content.ts';
import { placesInImage } from '../../builder/sources/iso/places-in-image.ts';
import { udfParts } from '../../builder/sources/iso/udf-parts.ts';
import { extractFromArchive, listArchive } from '../../builder/tools/seven-zip.ts';
import { exec } from '../../runtime/host/exec.ts';
import { makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { allocations, BLOCK_BYTES, editUdf, fileEntry, seal } from '../helpers/udf-blocks.ts';
import { copyOf, FILES, LARGE, LARGEST_EXTENT, largeFile, makeUdf } from '../helpers/udf-image.ts';

const GIB = 1024 ** 3;
const signal = new AbortController().signal;

let room: string;
let udf: string;
let iso: string;
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'mediasmith-places-'));
  udf = await makeUdf(room);
  iso = join(room, 'plain.iso');
  await exec(['xorriso', '-no_rc', '-as', 'mkisofs', '-quiet', '-J', '-o', iso, join(room, 'tree')]);
});
afterAll(() => rm(room, { recursive: true, force: true }));

describe('the places of files', () => {
  it.each(['Udf', 'Iso'])('in an image of the kind %s have the bytes that 7-Zip unpacks', async (format) => {
    const image = format === 'Udf' ? udf : iso;
    expect((await listArchive(image, exec)).format).toBe(format);
    const found = await compare(image);
    expect(found.sort()).toEqual(Object.keys(FILES).sort());
  });

  it.each(['isoFile', 'udfFile'] as const)('are known of all of a Windows medium: %s', async (kind) => {
    const image = await makeMicrosoftMedia(await temporaryFolder())[kind]();
    const { files } = await listArchive(image, exec);
    // Not in a folder of the image: what it starts with.
    const paths = files.map(({ path }) => path).filter((path) => !/^(\[BOOT\]|boot\.cat)/.test(path));
    expect(await compare(image)).toEqual(expect.arrayContaining(paths));
    expect(paths).toContain('sources/install.wim');
  });

  it.each(['Udf', 'Iso'])('are not those of a file that 7-Zip says is of another size: %s', async (format) => {
    const files = [
      { path: 'large.bin', bytes: LARGE.length - 1 },
      { path: 'one byte', bytes: 1 },
      { path: 'not there', bytes: 1 },
    ];
    const found = await placesInImage(format === 'Udf' ? udf : iso, { format }, files, { exec, signal });
    expect([...found.keys()]).toEqual(['one byte']);
  });

  it.each(['Udf', 'Iso'])('are not those of a file that the image ends in: %s', async (format) => {
    const image = await copyOf(format === 'Udf' ? udf : iso);
    const { files } = await listArchive(image, exec);
    const end = (await places(image)).get('large.bin')?.parts.at(-1);
    await truncate(image, (end?.offset ?? 0) + 1000);
    const found = await placesInImage(image, { format }, files, { exec, signal });
    expect(found.has('large.bin')).toBe(false);
  });

  it('are not looked for in another archive', async () => {
    const archive = join(await temporaryFolder(), 'a.zip');
    await exec(['7zz', 'a', '-bso0', '-mx0', archive, join(room, 'tree', 'large.bin')]);
    expect(await places(archive)).toEqual(new Map());
  });

  it('of a file above 4 GiB in ISO 9660 are its parts, one behind the other', async () => {
    const folder = await temporaryFolder();
    const bytes = 4 * GIB + 5000;
    const [tree, image] = [join(folder, 'tree'), join(folder, 'large.iso')];
    await writeFiles(tree, { 'A.WIM': 'first', 'B.WIM': 'second' });
    await exec(['xorriso', '-no_rc', '-as', 'mkisofs', '-quiet', '--norock', '-iso-level', '3', '-o', image, tree]);
    const first = Math.ceil((await stat(image)).size / BLOCK_BYTES);
    // As xorriso writes it: two records of one name, the first of which says that it goes on.
    await using file = await open(image, 'r+');
    const largest = 4 * GIB - BLOCK_BYTES;
    await changeRecord(file, 'A.WIM;1', { name: 'A', block: first, bytes: largest, flags: 0x80 });
    const second = first + largest / BLOCK_BYTES;
    await changeRecord(file, 'B.WIM;1', { name: 'A', block: second, bytes: bytes - largest, flags: 0 });
    await writeBothEndian(file, 16 * BLOCK_BYTES + 80, first + Math.ceil(bytes / BLOCK_BYTES));
    const marks = await writeSparse(image, bytes, first * BLOCK_BYTES);
    await file.truncate((first + Math.ceil(bytes / BLOCK_BYTES)) * BLOCK_BYTES);
    const place = (await places(image)).get('A.WIM');
    expect(place?.parts).toEqual([
      { offset: first * BLOCK_BYTES, bytes: largest },
      { offset: second * BLOCK_BYTES, bytes: bytes - largest },
    ]);
    await expectMarks(place, marks, bytes);
  });

  it('of a file above 4 GiB in UDF are its parts, one behind the other', async () => {
    const image = await copyOf(udf);
    const bytes = 4 * GIB + 5000;
    await using editor = await editUdf(image);
    const first = Math.ceil((await editor.file.stat()).size / BLOCK_BYTES) - editor.start;
    const lengths = [LARGEST_EXTENT, LARGEST_EXTENT, LARGEST_EXTENT, LARGEST_EXTENT, bytes - 4 * LARGEST_EXTENT];
    const list = lengths.map((length, index) => ({
      bytes: length,
      block: first + (index * LARGEST_EXTENT) / BLOCK_BYTES,
    }));
    const entry = await editor.entryOf(LARGE.length);
    const content = allocations(list, 'short');
    await editor.write(entry, fileEntry(entry - editor.start, { bytes, content, form: 0 }));
    await editor.change(await editor.find(5), (partition) =>
      partition.writeUInt32LE(first + Math.ceil(bytes / BLOCK_BYTES), 192),
    );
    const marks = await writeSparse(image, bytes, (editor.start + first) * BLOCK_BYTES);
    // 7-Zip wants an anchor at the end, too.
    const end = editor.start + first + Math.ceil(bytes / BLOCK_BYTES);
    await editor.write(end, seal(await editor.sector(256), { block: end }));
    const place = (await places(image)).get('large.bin');
    expect(place?.parts.length).toBe(5);
    await expectMarks(place, marks, bytes);
  });
});

describe('a file in UDF', () => {
  it.each([
    ['short', false],
    ['long', false],
    ['short', true],
    ['long', true],
  ] as const)(
    'that is scattered is put together as 7-Zip does it: %s descriptors, extended: %s',
    async (form, extended) => {
      const image = await copyOf(udf);
      await using editor = await editUdf(image);
      const { block, entry } = await largeFile(editor);
      const list = [3, 4, 0, 200, 17].map((shift) => ({ bytes: 3 * BLOCK_BYTES, block: block + shift }));
      list.push({ bytes: 77, block: block + 100 });
      const options = { bytes: 15 * BLOCK_BYTES + 77, content: allocations(list, form), form: form === 'long' ? 1 : 0 };
      await editor.write(entry, fileEntry(entry - editor.start, { ...options, extended }));
      expect(await compare(image)).toContain('large.bin');
      expect((await places(image)).get('large.bin')?.parts.length).toBe(6);
    },
  );

  it('of more extents than its entry holds goes on elsewhere', async () => {
    const image = await copyOf(udf);
    await using editor = await editUdf(image);
    const { block, entry } = await largeFile(editor);
    const [one, two] = [block + 300, block + 301];
    const list = Array.from({ length: 290 }, (_, index) => ({ bytes: BLOCK_BYTES, block: block + 289 - index }));
    const on = (to: number) => ({ bytes: BLOCK_BYTES, block: to, kind: 3 });
    const content = allocations([...list.slice(0, 100), on(one)], 'short');
    const bytes = 290 * BLOCK_BYTES;
    await editor.write(entry, fileEntry(entry - editor.start, { bytes, content, form: 0 }));
    await editor.write(editor.start + one, continuation(one, [...list.slice(100, 250), on(two)]));
    await editor.write(editor.start + two, continuation(two, list.slice(250)));
    const [parts] = [...(await udfParts(image, ['large.bin'])).values()];
    const wanted = list.map(({ block: at }) =>
      LARGE.subarray((at - block) * BLOCK_BYTES, (at - block + 1) * BLOCK_BYTES),
    );
    expect((await readPlace({ file: image, parts: parts ?? [] })).equals(Buffer.concat(wanted))).toBe(true);

    await editor.write(editor.start + two, continuation(two, [on(one)]));
    expect(await udfParts(image, ['large.bin'])).toEqual(new Map());
  });

  it('that lies in its entry has no place', async () => {
    const image = await copyOf(udf);
    await using editor = await editUdf(image);
    const { entry } = await largeFile(editor);
    const options = { bytes: 3, content: Buffer.from('abc'), form: 3 };
    await editor.write(entry, fileEntry(entry - editor.start, options));
    expect(await compare(image)).not.toContain('large.bin');
  });
});

async function places(image: string): Promise<Map<string, Place>> {
  const listing = await listArchive(image, exec);
  return placesInImage(image, listing, listing.files, { exec, signal });
}

/** Every file whose place is known has the bytes that 7-Zip unpacks. Returns their paths. */
async function compare(image: string): Promise<string[]> {
  const folder = await temporaryFolder();
  await extractFromArchive({ archive: image, folder }, exec);
  const found = [...(await places(image))];
  for (const [path, place] of found) {
    const same = (await readPlace(place)).equals(await readFile(join(folder, path)));
    expect(same, path).toBe(true);
  }
  return found.map(([path]) => path);
}

function continuation(block: number, list: Parameters<typeof allocations>[0]): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES);
  const content = allocations(list, 'short');
  bytes.writeUInt32LE(content.length, 20);
  content.copy(bytes, 24);
  return seal(bytes, { id: 258, block, crcBytes: 8 + content.length });
}

type RecordChange = { name: string; block: number; bytes: number; flags: number };

/** A record of the root folder: ECMA-119, 9.1. The first letter of its name becomes another. */
async function changeRecord(file: FileHandle, name: string, to: RecordChange): Promise<void> {
  const start = Buffer.alloc(64 * BLOCK_BYTES);
  await file.read(start, 0, start.length, 0);
  const at = start.indexOf(name) - 33;
  await writeBothEndian(file, at + 2, to.block);
  await writeBothEndian(file, at + 10, to.bytes);
  await file.write(Buffer.of(to.flags), 0, 1, at + 25);
  await file.write(to.name, at + 33);
}

async function writeBothEndian(file: FileHandle, at: number, value: number): Promise<void> {
  const both = Buffer.alloc(8);
  both.writeUInt32LE(value, 0);
  both.writeUInt32BE(value, 4);
  await file.write(both, 0, 8, at);
}

type Mark = { at: number; text: string };

/** A file with words at its beginning, its end and around what 32 bits can count; nothing lies between. */
async function writeSparse(path: string, bytes: number, offset = 0): Promise<Mark[]> {
  const marks = [0, GIB - 1024, 4 * GIB - BLOCK_BYTES - 10, 4 * GIB - 5, bytes - 20].map((at) => ({
    at,
    text: `mark at ${at}`,
  }));
  await writeFile(path, '', { flag: 'a' });
  await using file = await open(path, 'r+');
  await file.truncate(offset + bytes);
  for (const { at, text } of marks) await file.write(text, offset + at);
  return marks;
}

async function expectMarks(place: Place | undefined, marks: readonly Mark[], bytes: number): Promise<void> {
  if (place === undefined) throw new Error('no place is known');
  expect(place.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes);
  for (const { at, text } of marks) {
    const content = await readPlace({ file: place.file, parts: cut(place.parts, at, text.length) });
    expect(content.toString()).toBe(text);
  }
}

/** Where `length` bytes of the content lie that begin `from` bytes into it. */
function cut(parts: Place['parts'], from: number, length: number): Place['parts'] {
  let before = 0;
  return parts.flatMap(({ offset, bytes }) => {
    const start = Math.max(from - before, 0);
    const end = Math.min(from + length - before, bytes);
    before += bytes;
    return start < end ? [{ offset: offset + start, bytes: end - start }] : [];
  });
}
