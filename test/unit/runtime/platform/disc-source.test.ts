import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashBytes } from '../../../../builder/hash.ts';
import type { ManifestFile } from '../../../../runtime/contract/manifest.ts';
import { DiscSource, type PresentMedium } from '../../../../runtime/platform/disc-source.ts';
import { KeptMedium } from '../../../../runtime/platform/kept-medium.ts';
import type { Medium, TargetDisk, WantedDisc } from '../../../../runtime/platform/platform.ts';
import { MEDIUM_ID } from '../../../helpers/fake-medium.ts';
import { aManifest } from '../../../helpers/manifest.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const OTHER_ID = '11111111-2222-4333-8444-555555555555';
const DIGEST = 'd'.repeat(64);
const { signal } = new AbortController();

const SPLIT = ['', '2', '3'].map((number) => `mediasmith/images/install${number}.swm`);
const PLAIN = 'mediasmith/content.wim';
const DISCS: Readonly<Record<string, number>> = {
  [SPLIT[0] ?? '']: 1,
  [SPLIT[1] ?? '']: 2,
  [SPLIT[2] ?? '']: 3,
  [PLAIN]: 2,
};
const contentOf = (path: string): string => `content of ${path}`;
const FILES = Object.entries(DISCS).map(
  ([path, disc]): ManifestFile => ({
    path,
    bytes: contentOf(path).length,
    sha256: hashBytes(Buffer.from(contentOf(path))),
    ...(disc > 1 && { disc }),
  }),
);

type Label = { mediumId?: string; disc?: number; of?: number };

/** A folder that stands for what is in a drive. */
async function aDisc(disc: number, label: Label = {}, digest = DIGEST): Promise<string> {
  const folder = await temporaryFolder();
  const own = FILES.filter((file) => (file.disc ?? 1) === disc);
  await writeFiles(folder, {
    'mediasmith/manifest.json': '{}',
    'mediasmith/manifest.json.sha256': `${digest}  manifest.json\n`,
    'mediasmith/disc.json': JSON.stringify({ formatVersion: 1, mediumId: MEDIUM_ID, disc, of: 3, ...label }),
    ...Object.fromEntries(own.map(({ path }) => [path, contentOf(path)])),
  });
  return folder;
}

/** A machine with one drive: what somebody puts in when asked, one after another. */
async function aMachine(first: string, ...put: readonly (string | undefined)[]) {
  const drive = { now: first as string | undefined, inUse: 0, name: 0 };
  const asked: { wanted: WantedDisc; others: readonly string[] }[] = [];
  const present = (root: string): PresentMedium => {
    drive.inUse += 1;
    const leave = async (): Promise<void> => {
      drive.inUse -= 1;
    };
    return { root, device: `/dev/sr${drive.name++}`, [Symbol.asyncDispose]: leave };
  };
  const source = new DiscSource({
    ...{ mediumId: MEDIUM_ID, label: 'BRANCH', discs: 3, manifestDigest: DIGEST, first: present(first) },
    look: async () => (drive.now === undefined ? [] : [present(drive.now)]),
    patienceSeconds: 0,
  });
  const next = put.values();
  const ask = async (wanted: WantedDisc, others: readonly string[]): Promise<void> => {
    // A drive that is in use does not open.
    expect(drive.inUse).toBe(0);
    asked.push({ wanted, others });
    const step = next.next();
    if (step.done) throw new Error('asked once more');
    drive.now = step.value;
  };
  source.askForDiscs(ask);
  return { source, asked, drive };
}

async function aKeptMedium(source: DiscSource) {
  const root = await temporaryFolder();
  const disk = await temporaryFolder();
  const placeOn = () => ({
    name: 'Windows',
    open: async () => disk,
    leave: async () => undefined,
    clear: async () => rm(disk, { recursive: true }),
  });
  const mounted = { root, device: '/dev/sr0', disk: 'sr0', launchMode: 'DVD' as const };
  const kept = new KeptMedium({ mounted, held: new Set(), files: FILES, source, placeOn, log: () => {} });
  const medium: Medium = { ...mounted, manifest: aManifest({ id: MEDIUM_ID, discs: 3, files: FILES }) };
  return { kept, medium, disk };
}

const TARGET: TargetDisk = { device: '/dev/sda', style: 'gpt', identity: '', volumes: [] };

it('all discs are copied one after another, each asked for once by its number and label', async () => {
  const { source, asked, drive } = await aMachine(await aDisc(1), await aDisc(2), await aDisc(3));
  const { kept, medium, disk } = await aKeptMedium(source);
  kept.useDisk(TARGET);
  const progress: number[] = [];
  await kept.keepFiles(medium, FILES.toReversed(), { signal, onProgress: ({ doneBytes }) => progress.push(doneBytes) });
  expect(asked.map(({ wanted }) => wanted)).toEqual([
    { disc: 2, of: 3, label: 'BRANCH_2' },
    { disc: 3, of: 3, label: 'BRANCH_3' },
  ]);
  expect(asked[1]?.others).toEqual([expect.stringMatching(/^\/dev\/sr\d+: disc 2 of this set$/)]);
  expect([drive.inUse, progress.at(-1)]).toEqual([0, FILES.reduce((sum, { bytes }) => sum + bytes, 0)]);
  // From now on nothing is read from a disc, and an image has all its parts beside each other.
  drive.now = undefined;
  const first = await kept.mediumFile(medium, SPLIT[0] ?? '', { signal });
  expect(first).toBe(join(disk, SPLIT[0] ?? ''));
  expect((await readdir(join(first, '..'))).sort()).toEqual(['install.swm', 'install2.swm', 'install3.swm']);
  for (const { path } of FILES)
    expect(await readFile(await kept.mediumFile(medium, path, { signal }), 'utf8')).toBe(contentOf(path));
  await kept.clearDisk();
  await expect(stat(disk)).rejects.toMatchObject({ code: 'ENOENT' });
});

it.each<[string, () => Promise<string | undefined>, RegExp | undefined]>([
  ['disc 1 again', () => aDisc(1), /: disc 1 of this set$/],
  ['disc 2 of another set with the same label', () => aDisc(2, { mediumId: OTHER_ID }), /: disc 2 of another set$/],
  ['disc 2 of a set of two', () => aDisc(2, { of: 2 }), /: disc 2 of another set$/],
  ['disc 2 of the same project, divided otherwise', () => aDisc(2, {}, 'e'.repeat(64)), /: disc 2 of another set$/],
  ['a disc that says 3 of 2', () => aDisc(2, { disc: 3, of: 2 }), /: no disc of a set, or one that is damaged$/],
  [
    'a disc whose label is damaged',
    async () => {
      const disc = await aDisc(2);
      await writeFile(join(disc, 'mediasmith/disc.json'), '{ and then nothing');
      return disc;
    },
    /: no disc of a set, or one that is damaged$/,
  ],
  ['nothing', async () => undefined, undefined],
])('%s is said to be the wrong one, and the right one is asked for again', async (_, wrong, words) => {
  const { source, asked } = await aMachine(await aDisc(1), await wrong(), await aDisc(2));
  const { kept, medium } = await aKeptMedium(source);
  const file = await kept.mediumFile(medium, PLAIN, { signal });
  expect(await readFile(file, 'utf8')).toBe(contentOf(PLAIN));
  expect(asked.map(({ wanted }) => wanted.disc)).toEqual([2, 2]);
  expect(asked[1]?.others).toEqual(words === undefined ? [] : [expect.stringMatching(words)]);
});

it('a disc with another content is found while it is copied, and nothing of it stays', async () => {
  const damaged = await aDisc(2);
  await writeFile(join(damaged, PLAIN), contentOf(PLAIN).toUpperCase());
  const { source } = await aMachine(await aDisc(1), damaged);
  const { kept, medium, disk } = await aKeptMedium(source);
  kept.useDisk(TARGET);
  const plain = FILES.filter(({ path }) => path === PLAIN);
  await expect(kept.keepFiles(medium, plain, { signal })).rejects.toMatchObject({
    code: 'MEDIUM_CORRUPT',
    where: PLAIN,
  });
  await expect(stat(join(disk, PLAIN))).rejects.toMatchObject({ code: 'ENOENT' });
  const missing = await aDisc(2);
  await rm(join(missing, PLAIN));
  const { source: other } = await aMachine(await aDisc(1), missing);
  const again = await aKeptMedium(other);
  again.kept.useDisk(TARGET);
  await expect(again.kept.keepFiles(medium, plain, { signal })).rejects.toMatchObject({
    code: 'MEDIUM_CORRUPT',
    message: expect.stringContaining(`${PLAIN} of disc 2 cannot be copied`),
  });
});

it('what an earlier start has kept is used where it is whole, and copied again where it is not', async () => {
  const { source, asked } = await aMachine(await aDisc(1), await aDisc(2), await aDisc(3), await aDisc(2));
  const { kept, medium, disk } = await aKeptMedium(source);
  kept.useDisk(TARGET);
  await kept.keepFiles(medium, FILES, { signal });
  const later = await aMachine(await aDisc(1), await aDisc(2));
  const next = new KeptMedium({
    ...{ mounted: kept.mounted, held: new Set<string>(), files: FILES, source: later.source, log: () => {} },
    placeOn: () => ({ name: '', open: async () => disk, leave: async () => {}, clear: async () => {} }),
  });
  next.goOnWithDisk(TARGET);
  expect(await next.mediumFile(medium, SPLIT[0] ?? '', { signal })).toBe(join(disk, SPLIT[0] ?? ''));
  expect(later.asked).toEqual([]);
  await writeFile(join(disk, PLAIN), contentOf(PLAIN).toUpperCase());
  expect(await readFile(await next.mediumFile(medium, PLAIN, { signal }), 'utf8')).toBe(contentOf(PLAIN));
  expect([asked.length, later.asked.length]).toEqual([2, 1]);
});

it('where nobody is, what is in no drive is named', async () => {
  const { source, drive } = await aMachine(await aDisc(1));
  expect(await source.missingDiscs([1, 2, 3])).toEqual([2, 3]);
  drive.now = await aDisc(3);
  expect(await source.missingDiscs([1, 2, 3])).toEqual([2]);
  source.askForDiscs(undefined);
  const { kept, medium } = await aKeptMedium(source);
  await expect(kept.mediumFile(medium, PLAIN, { signal })).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    message: 'disc 2 of 3 (BRANCH_2) is in no drive, and nobody is there to put it in',
    lines: [expect.stringContaining('disc 3 of this set')],
  });
});

it('a stick that was taken out too early is told from a disc of a set', async () => {
  const first: PresentMedium = { root: await aDisc(1), device: 'D:', [Symbol.asyncDispose]: async () => {} };
  const setup = { mediumId: MEDIUM_ID, label: 'BRANCH', discs: 1, manifestDigest: DIGEST, first };
  const source = new DiscSource({ ...setup, look: async () => [] });
  await source.release();
  await expect(source.locate(FILES.slice(0, 1), signal)).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    message: 'the medium BRANCH was taken out before everything was copied',
  });
});

it('a drive that was just closed is waited for', async () => {
  const [first, second] = [await aDisc(1), await aDisc(2)];
  let looks = 0;
  const present = (root: string): PresentMedium => ({ root, device: 'D:', [Symbol.asyncDispose]: async () => {} });
  const source = new DiscSource({
    ...{ mediumId: MEDIUM_ID, label: 'BRANCH', discs: 3, manifestDigest: DIGEST, first: present(first) },
    look: async () => (++looks < 4 ? [] : [present(second)]),
  });
  let asked = 0;
  source.askForDiscs(async () => {
    asked += 1;
  });
  const plain = FILES.filter(({ path }) => path === PLAIN);
  expect(await source.locate(plain, signal)).toBe(join(second, PLAIN));
  expect([asked, looks]).toEqual([1, 4]);
});
