import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { loadProjectOrThrow } from '../../builder/config/load.ts';
import { planMedia } from '../../builder/plan/plan.ts';
import { type PlannedWim, planWims } from '../../builder/plan/plan-wims.ts';
import { resolveProject } from '../../builder/resolve/resolve.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import { exportImages } from '../../builder/stages/export-images.ts';
import type { StageContext } from '../../builder/stages/stage.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { type MicrosoftMedia, type MicrosoftMediaOptions, makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { SEQUENCE } from '../helpers/project.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';

const PART_BYTES = 1_150_000;

let folder: string;
let context: StageContext;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-split-'));
  const { signal } = new AbortController();
  const cache = cacheFolder();
  const memory = new SourceMemory(cache);
  context = { exec, emit: () => {}, signal, workspace: folder, cacheFolder: cache, memory };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function media(name: string, options?: MicrosoftMediaOptions): Promise<MicrosoftMedia> {
  await mkdir(join(folder, name));
  return makeMicrosoftMedia(join(folder, name), options);
}

async function planned(source: string, image: number | string, fat32 = true): Promise<PlannedWim> {
  await writeFiles(folder, {
    'a.yaml': SEQUENCE,
    'media.yaml': JSON.stringify({
      formatVersion: 1,
      name: 'Split',
      fat32,
      images: [{ name: 'w', source, image }],
      sequences: ['a.yaml'],
      outputs: [{ iso: 'out.iso' }],
    }),
  });
  const project = await loadProjectOrThrow(join(folder, 'media.yaml'));
  const [wim] = planMedia(await resolveProject(project, { ...context, verifySources: false })).wims;
  if (wim === undefined) throw new Error('nothing was planned');
  return wim;
}

it('writes parts that FAT32 holds, which read as one again', async () => {
  const source = await (await media('windows')).installWim();
  const wim = await planned(source, 2);
  // As a source over 4 GiB would be planned.
  const large = { ...wim, split: true, path: wim.path.replace(/wim$/, 'swm') };
  const parts = (await exportImages([large], context, PART_BYTES)).get(large) ?? [];
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.map(({ path }) => basename(path)).slice(0, 2)).toEqual(['install.swm', 'install2.swm']);
  for (const { file } of parts.slice(0, -1)) expect((await stat(file)).size).toBeLessThan(2 * PART_BYTES);
  using whole = await WimFile.open(parts[0]?.file ?? '');
  await whole.applyToFolder(1, join(folder, 'applied'));
  expect((await stat(join(folder, 'applied/Windows/System32/shared.bin'))).size).toBe(1024 * 1024);
});

it('takes the parts of a split source as they are, or joins them', async () => {
  const source = await (await media('split')).installSwm();
  const together = await planned(source, 1);
  expect(together.how).toBe('exported');
  const one = await media('one', { editions: [{ name: 'Windows 11 Pro', id: 'Professional' }] });
  const first = await one.installSwm();
  const inPlace = await planned(first, 1);
  expect([inPlace.how, inPlace.path]).toEqual(['in place', 'mediasmith/images/install.swm']);
  expect((await exportImages([inPlace], context)).get(inPlace)?.map(({ file }) => file)).toEqual(inPlace.source.parts);
  const joined = await planned(first, 1, false);
  expect([joined.how, joined.path]).toEqual(['joined', 'mediasmith/images/install.wim']);
  const [file] = (await exportImages([joined], context)).get(joined) ?? [];
  using whole = await WimFile.open(file?.file ?? '');
  await whole.verify();
});

it('divides a split source anew where a part of it is larger than FAT32 holds', async () => {
  const windows = await media('anew', { editions: [{ name: 'Windows 11 Pro', id: 'Professional' }] });
  const first = await windows.installSwm();
  const { size } = await stat(first);
  const inPlace = await planned(first, 1);
  const [, ...others] = inPlace.source.partSizes;
  expect(inPlace.source.partSizes).toEqual([size, ...others]);
  const source = { ...inPlace.source, partSizes: [5 * 1024 ** 3, ...others], bytes: 6 * 1024 ** 3 };
  const [wim] = planWims([source], { fat32: true });
  if (wim === undefined) throw new Error('nothing was planned');
  expect([wim.how, wim.split, wim.path]).toEqual(['joined', true, 'mediasmith/images/install.swm']);
  const parts = (await exportImages([wim], context, PART_BYTES)).get(wim) ?? [];
  expect(parts.length).toBeGreaterThan(1);
  for (const { file } of parts) expect(dirname(file)).toBe(folder);
  using whole = await WimFile.open(parts[0]?.file ?? '');
  await whole.verify();
});

it('plans the splitting of a file over 4 GiB, and says so', async () => {
  const large = join(folder, 'large.wim');
  const source = await (await media('sparse')).installWim();
  await writeFile(large, '');
  execFileSync('cp', [source, large]);
  const [whole, split] = [await planned(large, 1, false), await planned(large, 1)];
  const resolved = {
    project: await loadProjectOrThrow(join(folder, 'media.yaml')),
    packages: [],
    upgradePackages: [],
    winpe: undefined,
  };
  const grown = (wim: PlannedWim) => ({ ...wim.source, bytes: 5 * 1024 ** 3 });
  const notes = (fat32: boolean, wim: PlannedWim) =>
    planMedia({ ...resolved, project: { ...resolved.project, fat32 }, wims: [grown(wim)] }).notes;
  expect(notes(false, whole)).toEqual([
    expect.stringMatching(/large\.wim may be over 4 GiB: one file in several extents/),
  ]);
  expect(notes(true, split)).toEqual([expect.stringMatching(/large\.swm may be over 4 GiB: split into parts/)]);
});
