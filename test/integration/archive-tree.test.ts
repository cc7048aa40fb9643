import { cp, mkdtemp, open as openFile, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveTree } from '../../builder/sources/archive-tree.ts';
import { extractFromArchive } from '../../builder/tools/seven-zip.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { type Exec, exec } from '../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { editUdf } from '../helpers/udf-blocks.ts';

/** Larger than what is always left to 7-Zip. */
const LARGE_BYTES = 20 * 1024 ** 2 + 77;
const SHORT_BYTES = 10 * 1024 ** 2;
const LARGE = 'sources/install.wim';
const SMALL = 'sources/a note.txt';
const KINDS = ['iso', 'udf'] as const;

let room: string;
const image = (kind: 'iso' | 'udf' | 'zip') => join(room, `image.${kind}`);
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'mediasmith-tree-'));
  const tree = join(room, 'tree');
  const large = Buffer.from(Array.from({ length: LARGE_BYTES }, (_, at) => (at * 31 + (at >> 11)) & 0xff));
  await writeFiles(tree, { [LARGE]: large, [SMALL]: 'a note' });
  await exec(['touch', '-d', '2024-02-03T04:05:06Z', join(tree, LARGE), join(tree, SMALL)]);
  await exec(['xorriso', '-no_rc', '-as', 'mkisofs', '-quiet', '-J', '-o', image('iso'), tree]);
  await exec(['genisoimage', '-quiet', '-udf', '-iso-level', '3', '-o', image('udf'), tree]);
  await exec(['7zz', 'a', '-bso0', '-mx0', '-tzip', image('zip'), join(tree, 'sources')]);
});
afterAll(() => rm(room, { recursive: true, force: true }));

type Opening = { exec?: Exec; signal?: AbortSignal; cacheFolder?: string };

/** The tree of an image, its cache, and whether 7-Zip unpacked anything. */
async function open(path: string, { exec: run = exec, signal, cacheFolder }: Opening = {}) {
  const cache = cacheFolder ?? (await temporaryFolder());
  const unpacked: string[][] = [];
  const events: RunEvent[] = [];
  const recording: Exec = (argv, options) => {
    if (argv[1] === 'x') unpacked.push(argv.slice(argv.indexOf('--') + 2));
    return run(argv, options);
  };
  const tree = await archiveTree(path, {
    ...{ cacheFolder: cache, exec: recording, emit: (event) => events.push(event) },
    signal: signal ?? new AbortController().signal,
  });
  return { tree, unpacked, folder: join(cache, 'unpacked') };
}

const wanted = (path: string) => readFile(join(room, 'tree', path));

/** A way to run programs on which something happens when the places of files have been asked for. */
function afterListing(happens: () => Promise<void> | void): Exec {
  return async (argv, options) => {
    const result = await exec(argv, options);
    if (argv[0] === 'xorriso') await happens();
    return result;
  };
}

describe.each(KINDS)('a large file in an image of the kind %s', (kind) => {
  it('is copied, with the time that 7-Zip would give it', async () => {
    const { tree, unpacked } = await open(image(kind));
    const [file = ''] = await tree.fetch([LARGE]);
    expect((await readFile(file)).equals(await wanted(LARGE))).toBe(true);
    expect(unpacked).toEqual([]);
    const folder = await temporaryFolder();
    await extractFromArchive({ archive: image(kind), folder }, exec);
    expect((await stat(file)).mtime).toEqual((await stat(join(folder, LARGE))).mtime);
    expect((await stat(file)).mtime).toEqual(new Date('2024-02-03T04:05:06Z'));
  });

  it('is copied once, and what is small is unpacked', async () => {
    const { tree, unpacked, folder } = await open(image(kind));
    await tree.fetch([LARGE]);
    const all = await tree.folder();
    expect((await readFile(join(all, LARGE))).equals(await wanted(LARGE))).toBe(true);
    expect(await readFile(join(all, SMALL))).toEqual(await wanted(SMALL));
    await tree.fetch([SMALL, LARGE]);
    expect(unpacked).toEqual([[SMALL]]);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is refused when the image is cut', async () => {
    const short = join(await temporaryFolder(), 'short.iso');
    await cp(image(kind), short);
    await truncate(short, SHORT_BYTES);
    const fetching = open(short).then(({ tree }) => tree.fetch([LARGE]));
    await expect(fetching).rejects.toMatchObject({ code: 'SOURCE_INVALID', where: short });
  });
});

it.each([
  ['an archive that is no disc image', 'zip', exec],
  [
    'an image that nobody here can look into',
    'iso',
    (async (argv, options) => {
      if (argv[0] === 'xorriso') throw new MediasmithError('TOOL_MISSING', 'not here');
      return exec(argv, options);
    }) satisfies Exec,
  ],
] as const)('%s is unpacked', async (_, kind, run) => {
  const { tree, unpacked } = await open(image(kind), { exec: run });
  const [file = ''] = await tree.fetch([LARGE]);
  expect((await readFile(file)).equals(await wanted(LARGE))).toBe(true);
  expect(unpacked).toEqual([[LARGE]]);
});

it('a large file is unpacked where its place is not known', async () => {
  const strange = join(await temporaryFolder(), 'strange.iso');
  await cp(image('udf'), strange);
  await using editor = await editUdf(strange);
  // Another strategy: 7-Zip passes over that.
  await editor.change(await editor.entryOf(LARGE_BYTES), (entry) => entry.writeUInt16LE(5, 20));
  const { tree, unpacked } = await open(strange);
  const [file = ''] = await tree.fetch([LARGE]);
  expect((await readFile(file)).equals(await wanted(LARGE))).toBe(true);
  expect(unpacked).toEqual([[LARGE]]);
});

it('a copy that is interrupted leaves nothing', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const interrupting = afterListing(() => controller.abort(reason));
  const { tree, folder } = await open(image('iso'), { exec: interrupting, signal: controller.signal });
  await expect(tree.fetch([LARGE])).rejects.toBe(reason);
  expect(await filesIn(folder)).toEqual([]);
});

it('an image that becomes shorter while it is copied is refused, and leaves nothing', async () => {
  const short = join(await temporaryFolder(), 'short.iso');
  await cp(image('iso'), short);
  const { tree, folder } = await open(short, { exec: afterListing(() => truncate(short, SHORT_BYTES)) });
  await expect(tree.fetch([LARGE])).rejects.toMatchObject({ code: 'SOURCE_INVALID', where: short });
  expect(await filesIn(folder)).toEqual([]);
});

it.each(KINDS)('an image of the kind %s that becomes another while it is copied is refused', async (kind) => {
  const other = join(await temporaryFolder(), 'other.iso');
  await cp(image(kind), other);
  const rewriting: Exec = async (argv, options) => {
    const result = await exec(argv, options);
    if (argv[1] === 'x') await writeIntoMiddle(other);
    return result;
  };
  const { tree } = await open(other, { exec: rewriting });
  await expect(tree.folder()).rejects.toMatchObject({ code: 'SOURCE_CHANGED', where: other });
});

async function writeIntoMiddle(path: string): Promise<void> {
  await using file = await openFile(path, 'r+');
  await file.write('another', SHORT_BYTES);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() || entry.name.startsWith('.')).map(({ name }) => name);
}
