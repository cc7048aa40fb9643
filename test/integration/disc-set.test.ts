import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BootMedium } from '../../builder/boot/boot-environment.ts';
import { hashBytes, hashFile } from '../../builder/hash.ts';
import { inspectMedium } from '../../builder/inspect/inspect-medium.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { fromFile, fromText, type MediaTree } from '../../builder/media-tree.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import type { StageContext } from '../../builder/stages/stage.ts';
import { writeDiscs } from '../../builder/stages/write-disc-set.ts';
import type { WrittenIso } from '../../builder/stages/write-iso-medium.ts';
import { locateInIso } from '../../builder/tools/xorriso.ts';
import type { Manifest } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { publicKeyFile } from '../../runtime/seal/minisign.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { aDraft } from '../helpers/manifest.ts';
import { makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { aSigner } from '../helpers/signing-key.ts';

const DISC_BYTES = 17_500_000;
const PART_BYTES = 1_150_000;
const IDENTITY = { uuid: '2026112012000000', gptGuid: '11111111-2222-4333-8444-555555555555' };
const ID = '3b241101-e2bb-4255-8caf-4136c566a962';
const { signal } = new AbortController();

let folder: string;
let content: MediaTree;

/** Real parts of a split image, and filler that makes three discs necessary. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-set-'));
  await mkdir(join(folder, 'windows'));
  const source = await (await makeMicrosoftMedia(join(folder, 'windows'))).installWim();
  using wim = await WimFile.open(source);
  const parts = await wim.split(join(folder, 'install.swm'), PART_BYTES);
  content = new Map([
    ['MediaLabel.txt', fromText('label=BRANCH\r\n')],
    ['boot/vmlinuz', fromText('k'.repeat(5000))],
    ...['a', 'b'].map((name) => [`mediasmith/images/${name}.wim`, fromText(name.repeat(14_000_000))] as const),
    ...parts.map((file) => [`mediasmith/images/${file.split('/').at(-1)}`, fromFile(file)] as const),
    ['mediasmith/sequences/a.json', fromText('{}')],
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function contextIn(workspace: string): StageContext {
  const cache = join(folder, 'cache');
  return { exec, emit: () => {}, signal, workspace, cacheFolder: cache, memory: new SourceMemory(cache) };
}

async function write(name: string, wish: { discBytes?: number; signed?: boolean } = {}): Promise<WrittenIso[]> {
  const workspace = join(folder, name);
  await mkdir(workspace);
  const signer = wish.signed === true ? await aSigner() : undefined;
  const tree: MediaTree = new Map(content);
  if (signer !== undefined) tree.set('mediasmith/minisign.pub', fromText(publicKeyFile(signer.publicKey)));
  const files = await Promise.all(
    [...tree].map(async ([path, source]) => ({
      path,
      bytes: source.kind === 'bytes' ? source.data.length : (await stat(source.path)).size,
    })),
  );
  const boot: BootMedium = {
    tree: new Map(),
    report: { lines: [], facts: {} },
    isoBoot: async () => ({ argv: [], files: new Map() }),
    pxeBoot: async () => ({ kind: 'winpe' }),
  };
  const medium = { tree, draft: aDraft({ id: ID, label: 'BRANCH', files }), boot, identity: IDENTITY, label: 'BRANCH' };
  return writeDiscs({ ...medium, signer }, wish.discBytes ?? DISC_BYTES, contextIn(workspace));
}

async function readOf(iso: string, path: string): Promise<Buffer> {
  const place = (await locateInIso(iso, [path], exec)).get(path);
  if (place === undefined) throw new Error(`${path} is not on ${iso}`);
  return (await readFile(iso)).subarray(place.offset, place.offset + place.bytes);
}

describe('a set', () => {
  let discs: WrittenIso[];
  let manifest: Manifest;
  beforeAll(async () => {
    discs = await write('first');
    manifest = JSON.parse((await readOf(discs[0]?.file ?? '', 'mediasmith/manifest.json')).toString('utf8'));
  });

  it('has as many discs as it needs, each no larger than it may be, with the hash it says', async () => {
    expect(discs.length).toBe(3);
    for (const { file, bytes, sha256 } of discs) {
      expect((await stat(file)).size).toBe(bytes);
      expect(bytes).toBeLessThanOrEqual(DISC_BYTES);
      expect(await hashFile(file)).toBe(sha256);
    }
  });

  it('has every file on the disc the manifest names, with the content it names', async () => {
    expect(manifest.discs).toBe(3);
    expect(manifest.files.map(({ path }) => path)).toEqual([...content.keys()]);
    for (const { path, sha256, disc = 1 } of manifest.files)
      expect(hashBytes(await readOf(discs[disc - 1]?.file ?? '', path)), path).toBe(sha256);
    const ofImage = manifest.files.filter(({ path }) => path.endsWith('.swm'));
    expect(ofImage.length).toBeGreaterThan(1);
  });

  it('says on each disc which it is, by a file, a text and the volume label', async () => {
    for (const [index, { file }] of discs.entries()) {
      const disc = index + 1;
      const label = JSON.parse((await readOf(file, 'mediasmith/disc.json')).toString('utf8'));
      expect(label).toEqual({ formatVersion: 1, mediumId: ID, disc, of: 3 });
      const { stdout } = await exec(['blkid', '-p', '-s', 'LABEL', '-o', 'value', file]);
      expect(stdout.trim()).toBe(`BRANCH_${disc}`);
    }
    expect((await readOf(discs[1]?.file ?? '', 'MediaLabel.txt')).toString()).toBe('label=BRANCH_2\r\n');
    const uuids = await Promise.all(
      discs.map(async ({ file }) => (await exec(['blkid', '-p', '-s', 'UUID', '-o', 'value', file])).stdout),
    );
    expect(new Set(uuids).size).toBe(3);
    expect(uuids[0]?.trim()).toBe('2026-11-20-12-00-00-00');
  });

  it('is the same to the byte when it is written again', async () => {
    const again = await write('again');
    expect(again.map(({ sha256 }) => sha256)).toEqual(discs.map(({ sha256 }) => sha256));
  });

  it('is verified disc by disc', async () => {
    for (const [index, { file }] of discs.entries()) {
      const result = await verifyMedium(file, contextIn(folder));
      const own = manifest.files.filter(({ disc = 1 }) => disc === index + 1);
      expect(result).toMatchObject({ passed: true, bad: [], extra: [], files: own.length });
      expect(result.disc).toEqual({ disc: index + 1, of: 3 });
      const document = await inspectMedium(file, contextIn(folder));
      expect(document).toMatchObject({ id: ID, disc: index + 1, discs: 3 });
    }
  });

  it('is found damaged on the disc that is', async () => {
    const { file } = discs[2] ?? { file: '' };
    const path = manifest.files.find(({ disc }) => disc === 3)?.path ?? '';
    const place = (await locateInIso(file, [path], exec)).get(path);
    const copy = join(folder, 'damaged.iso');
    const data = await readFile(file);
    data[place?.offset ?? 0] = 255 - (data[place?.offset ?? 0] ?? 0);
    await writeFile(copy, data);
    const result = await verifyMedium(copy, contextIn(folder));
    expect(result.bad).toEqual([{ path, reason: 'its content has changed' }]);
  });
});

it('is signed once: the signature is on every disc', async () => {
  const discs = await write('signed', { signed: true });
  for (const { file } of discs)
    expect(await verifyMedium(file, contextIn(folder))).toMatchObject({ passed: true, signature: 'valid' });
});

it('is one ISO like any other where one disc is enough', async () => {
  const discs = await write('one', { discBytes: 100_000_000 });
  expect(discs.length).toBe(1);
  const { files, ...manifest } = JSON.parse(
    (await readOf(discs[0]?.file ?? '', 'mediasmith/manifest.json')).toString('utf8'),
  );
  expect(manifest.discs).toBeUndefined();
  expect(files.some((file: object) => 'disc' in file)).toBe(false);
});
