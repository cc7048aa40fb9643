import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { placeOnDiscs } from '../../builder/discs/place-on-discs.ts';
import { type PackageFolder, readPackageFolder } from '../../builder/package-folder.ts';
import { contentLimits } from '../../builder/plan/plan-content.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import { captureContent } from '../../builder/stages/capture-content.ts';
import type { StageContext } from '../../builder/stages/stage.ts';
import { exec } from '../../runtime/host/exec.ts';
import { partsOf } from '../../runtime/platform/medium-parts.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const KIB = 1024;
const SMALL = 300 * KIB;

type Made = { packages: PackageFolder[]; context: StageContext; files: [path: string, data: Buffer][] };

/** Two packages with five files each, which no compression makes smaller. */
async function twoPackages(extra: number[] = []): Promise<Made> {
  const folder = await temporaryFolder();
  const packages: PackageFolder[] = [];
  const files: [string, Buffer][] = [];
  for (const name of ['tools', 'office']) {
    await mkdir(join(folder, name));
    for (const [index, bytes] of [...Array(5).fill(SMALL), ...extra].entries()) {
      const data = randomBytes(bytes);
      await writeFile(join(folder, name, `${index}.bin`), data);
      files.push([`${name}/${index}.bin`, data]);
    }
    packages.push(await readPackageFolder(name, join(folder, name)));
  }
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  const { signal } = new AbortController();
  const cacheFolder = join(folder, 'cache');
  const memory = new SourceMemory(cacheFolder);
  return { packages, files, context: { exec, emit: () => undefined, signal, workspace, cacheFolder, memory } };
}

it('stays in one file where nothing limits it, or it is small enough', async () => {
  for (const limits of [undefined, { wholeBytes: 4000 * KIB, partBytes: 700 * KIB }]) {
    const { packages, context } = await twoPackages();
    const parts = await captureContent(packages, limits, context);
    expect(parts.map(({ path }) => path)).toEqual(['mediasmith/content.wim']);
  }
});

it('is divided where it is larger than a disc, and a run reads its parts as one', async () => {
  const { packages, context, files } = await twoPackages();
  const limits = { wholeBytes: 1000 * KIB, partBytes: 700 * KIB };
  const parts = await captureContent(packages, limits, context);
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.slice(0, 2).map(({ path }) => path)).toEqual(['mediasmith/content.swm', 'mediasmith/content2.swm']);
  const sizes = await Promise.all(parts.map(async ({ file }) => (await stat(file)).size));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.partBytes);
  const listed = parts.map(({ path }, index) => ({ path, bytes: sizes[index] ?? 0, sha256: '0'.repeat(64) }));
  expect(partsOf(listed, 'mediasmith/content.swm')).toEqual(listed);
  const discs = placeOnDiscs(listed, 19_000 * KIB, 0);
  expect(discs.flatMap((disc) => disc.files)).toEqual(listed);
  using wim = await WimFile.open(parts[0]?.file ?? '');
  const out = await temporaryFolder();
  for (const [index, { name }] of packages.entries()) {
    await mkdir(join(out, name));
    await wim.applyToFolder(index + 1, join(out, name));
  }
  for (const [path, data] of files) expect((await readFile(join(out, path))).equals(data), path).toBe(true);
});

it('gives a file that is larger than such a part a disc of its own, and refuses one that no disc holds', async () => {
  const { packages, context } = await twoPackages([900 * KIB]);
  const parts = await captureContent(packages, { wholeBytes: 1000 * KIB, partBytes: 700 * KIB }, context);
  const sizes = await Promise.all(parts.map(async ({ file }) => (await stat(file)).size));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1000 * KIB);
  await expect(
    captureContent(packages, { wholeBytes: 800 * KIB, partBytes: 400 * KIB }, context),
  ).rejects.toMatchObject({ code: 'FILE_TOO_LARGE', where: 'mediasmith/content.wim' });
});

it('has the limits of the outputs', () => {
  expect(contentLimits({ fat32: false })).toBeUndefined();
  expect(contentLimits({ fat32: true })?.wholeBytes).toBe(4 * 1024 ** 3 - 1);
  const disc = contentLimits({ fat32: false, discBytes: 4_700_000_000 });
  expect(disc?.wholeBytes).toBeLessThan(4_700_000_000);
  expect((disc?.partBytes ?? 0) * 2).toBeLessThan(4_700_000_000);
});
