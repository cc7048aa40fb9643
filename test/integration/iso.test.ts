import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BootEnvironment } from '../../builder/boot/boot-environment.ts';
import { linuxEnvironment } from '../../builder/boot/linux/environment.ts';
import { hashFile } from '../../builder/hash.ts';
import { fromFile, fromText, type MediaTree } from '../../builder/media-tree.ts';
import { streamDigest } from '../../builder/writers/iso/stream-digest.ts';
import { writeIso } from '../../builder/writers/iso/write-iso.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { type Argv, type Exec, exec } from '../../runtime/host/exec.ts';
import { ownCache } from '../helpers/own-cache.ts';

const IDENTITY = { uuid: '2026112012000000', gptGuid: '11111111-2222-4333-8444-555555555555' };
const LABEL_TEXT = 'A label with ÄÖ\r\n';
const GIB = 1 << 30;
const ODD_NAMES = [
  'a=b.txt',
  'two words.txt',
  'ÄÖ ß.txt',
  'back\\slash',
  ' leading',
  '#hash',
  'quote\'s "here"',
  '-o',
  '*?[x]',
];

let folder: string;
let environment: BootEnvironment;
const events: RunEvent[] = [];
const emit = (event: RunEvent): void => void events.push(event);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-iso-'));
  const runtimeEntry = join(folder, 'entry.ts');
  await writeFile(runtimeEntry, 'process.exitCode = 10;\n');
  environment = await linuxEnvironment({
    cacheFolder: await ownCache(join(folder, 'cache')),
    runtimeEntry,
    exec,
    emit,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an ISO', () => {
  let iso: string;
  beforeAll(async () => {
    iso = await build('first', await oddTree('first'));
  });

  it('starts under BIOS and UEFI, from a CD and from a stick', async () => {
    const { stdout } = await exec([
      'xorriso',
      '-indev',
      iso,
      '-report_el_torito',
      'plain',
      '-report_system_area',
      'plain',
    ]);
    expect(stdout).toMatch(/^El Torito boot img : +1 +BIOS +y +none/m);
    expect(stdout).toMatch(/^El Torito boot img : +2 +UEFI +y +none/m);
    expect(stdout).toMatch(/^System area summary: MBR protective-msdos-label grub2-mbr cyl-align-off GPT/m);
    expect(stdout).toMatch(/^GPT disk GUID +: +11111111222233438444555555555555/m);
    // The type of an EFI system partition, in the byte order of a GPT.
    expect(stdout).toMatch(/^GPT type GUID +: +2 +28732ac11ff8d211ba4b00a0c93ec93b/m);
  });

  it('has the UUID it was given', async () => {
    expect((await exec(['blkid', '-p', '-s', 'UUID', '-o', 'value', iso])).stdout.trim()).toBe(
      '2026-11-20-12-00-00-00',
    );
  });

  it.each(ODD_NAMES)('gives back the file %s', async (name) => {
    const restored = join(folder, 'restored');
    await exec(['xorriso', '-osirrox', 'on', '-indev', iso, '-extract', `/odd/${name}`, restored]);
    expect(await hashFile(restored)).toBe(await hashFile(join(folder, 'first-sources', name)));
    await rm(restored, { force: true });
  });

  it('gives back what existed as bytes only', async () => {
    const restored = join(folder, 'bytes');
    await exec(['xorriso', '-osirrox', 'on', '-indev', iso, '-extract', '/MediaLabel.txt', restored]);
    expect(await readFile(restored, 'utf8')).toBe(LABEL_TEXT);
  });

  it('is the same to the byte from other folders and in another order', async () => {
    const again = await build('second', new Map([...(await oddTree('second'))].reverse()));
    expect(await hashFile(again)).toBe(await hashFile(iso));
  });
});

it('takes a file above 4 GiB, and tells how far it is', async () => {
  const large = join(folder, 'large');
  await writeFile(large, 'start');
  await truncate(large, 4 * GIB + 512);
  const iso = await build('large-iso', new Map([['images/large.wim', fromFile(large)]]));
  const listing = await exec(['xorriso', '-indev', iso, '-lsl', '/images/large.wim']);
  expect(listing.stdout).toContain(` ${4 * GIB + 512} `);
  expect(events).toContainEqual(expect.objectContaining({ event: 'progress', unit: 'percent', total: 100 }));
  await rm(iso);
});

it('has the bytes that xorriso itself would put into a file', async () => {
  const seen: Argv[] = [];
  const iso = await build('piped', await oddTree('piped'), (argv, options) => {
    if (argv[0] === 'xorriso') seen.push(argv);
    return exec(argv, options);
  });
  const [argv] = seen;
  const itself = join(folder, 'itself.iso');
  const [program, ...args] = argv ?? ['xorriso'];
  await exec([program, ...args.with(args.indexOf('-o') + 1, itself)], { env: { SOURCE_DATE_EPOCH: '0', TZ: 'UTC' } });
  expect(await hashFile(itself)).toBe(await hashFile(iso));
});

it('fails with the words of xorriso when a source is gone', async () => {
  const tree: MediaTree = new Map([['gone', fromFile(join(folder, 'not-there'))]]);
  await expect(build('failing', tree)).rejects.toMatchObject({
    code: 'TOOL_FAILED',
    lines: expect.arrayContaining([expect.stringContaining('not-there')]),
  });
});

async function oddTree(name: string): Promise<MediaTree> {
  const sources = join(folder, `${name}-sources`);
  await mkdir(sources);
  const tree: MediaTree = new Map([['MediaLabel.txt', fromText(LABEL_TEXT)]]);
  for (const odd of ODD_NAMES) {
    await writeFile(join(sources, odd), `content of ${odd}`);
    tree.set(`odd/${odd}`, fromFile(join(sources, odd)));
  }
  return tree;
}

async function build(name: string, tree: MediaTree, run: Exec = exec): Promise<string> {
  const workspace = join(folder, name);
  const output = join(folder, `${name}.iso`);
  await mkdir(workspace);
  const identity = IDENTITY;
  const { signal } = new AbortController();
  const id = 'f0000000-0000-8000-8000-000000000000';
  const medium = { id, identity, sequences: [], signing: undefined, publicKey: undefined };
  const { isoBoot } = await environment.forMedium(medium, { exec, emit, signal, workspace });
  const boot = await isoBoot({ exec, emit, signal, workspace });
  await using digest = streamDigest();
  await writeIso({ tree, label: 'TEST', output, workspace, identity, boot, digest, exec: run, emit, signal });
  return output;
}
