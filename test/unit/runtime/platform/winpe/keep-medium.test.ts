import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashBytes } from '../../../../../builder/hash.ts';
import { finishedFiles } from '../../../../../builder/manifest-draft.ts';
import type { Manifest } from '../../../../../runtime/contract/manifest.ts';
import type { Medium, TargetDisk } from '../../../../../runtime/platform/platform.ts';
import { filesOfMedium, keptFolder } from '../../../../../runtime/platform/windows/keep-medium.ts';
import { keepMedium } from '../../../../../runtime/platform/winpe/keep-medium.ts';
import { findMedium } from '../../../../../runtime/platform/winpe/medium.ts';
import { MEDIUM_ID, PACKAGE } from '../../../../helpers/fake-medium.ts';
import { aDraft } from '../../../../helpers/manifest.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { type TestHost, winpeHost } from '../../../../helpers/winpe-host.ts';

const SEQUENCE = 'mediasmith/sequences/a.json';
const UPGRADE = 'mediasmith/upgrade/w/setup.exe';
const CONTENTS: Readonly<Record<string, string>> = {
  [SEQUENCE]: '{}',
  [PACKAGE.file]: 'a package',
  [UPGRADE]: 'setup',
};
const { signal } = new AbortController();
const TARGET: TargetDisk = {
  ...{ device: 'PhysicalDrive0', style: 'gpt', identity: '' },
  volumes: [
    { name: 'Windows', role: 'primary', number: 3, startBytes: 0, bytes: 3, fileSystem: 'ntfs', device: 'W:\\' },
  ],
};

/** Puts a disc of a set of two into a drive; the second has all content. */
async function putDisc(host: TestHost, letter: string, disc: number, wish: Partial<Manifest> = { discs: 2 }) {
  host.windows.drives[letter] = { type: 'cdrom' };
  const isSet = wish.discs !== undefined;
  const discOf = (path: string): number => (isSet && path !== SEQUENCE ? 2 : 1);
  const files = Object.entries(CONTENTS).map(([path, text]) => ({
    ...{ path, bytes: text.length, ...(discOf(path) > 1 && { disc: discOf(path) }) },
  }));
  const hashes = new Map(Object.entries(CONTENTS).map(([path, text]) => [path, hashBytes(Buffer.from(text))]));
  const draft = aDraft({ id: MEDIUM_ID, label: 'BRANCH', ...wish, files });
  const label = { formatVersion: 1, mediumId: MEDIUM_ID, disc, of: 2 };
  await writeFiles(host.drive(letter), {
    ...Object.fromEntries(finishedFiles(draft, hashes)),
    ...(isSet && { 'mediasmith/disc.json': JSON.stringify(label) }),
    ...Object.fromEntries(Object.entries(CONTENTS).filter(([path]) => discOf(path) === disc)),
  });
  const manifest = { ...draft, files: files.map((file) => ({ ...file, sha256: hashes.get(file.path) ?? '' })) };
  return { manifest };
}

const content = (manifest: Manifest) => manifest.files.filter(({ path }) => path !== SEQUENCE);

it('in WinPE a set is copied onto the Windows volume, whatever letter the next disc has', async () => {
  const host = await winpeHost();
  await putDisc(host, 'D', 2);
  const { manifest } = await putDisc(host, 'F', 1);
  const found = await findMedium(host, MEDIUM_ID);
  expect(found.device).toBe('F:');
  const kept = await keepMedium(host, found);
  if (kept === undefined) throw new Error('not kept');
  const medium: Medium = { ...kept.mounted, manifest };
  expect(await readFile(join(medium.root, SEQUENCE), 'utf8')).toBe('{}');
  kept.useDisk(TARGET);
  await kept.keepFiles(medium, content(manifest), { signal });
  await rm(host.drive('D'), { recursive: true });
  await rm(host.drive('F'), { recursive: true });
  const file = await kept.mediumFile(medium, PACKAGE.file, { signal });
  expect(file).toBe(join(host.drive('W'), '_mediasmith', PACKAGE.file));
  expect(await kept.find(medium)).toBeUndefined();
  // The volume is formatted before an image is applied once more.
  const [windows] = TARGET.volumes;
  if (windows !== undefined) kept.forgetVolume(windows);
  await rm(host.drive('W'), { recursive: true });
  await expect(kept.mediumFile(medium, PACKAGE.file, { signal })).rejects.toMatchObject({ code: 'MEDIUM_NOT_FOUND' });
  await kept.clearDisk();
  await expect(stat(join(host.drive('W'), '_mediasmith'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a medium that stays in its drive is read where it is', async () => {
  const host = await winpeHost();
  await putDisc(host, 'D', 1, {});
  expect(await keepMedium(host, await findMedium(host, MEDIUM_ID))).toBeUndefined();
});

it('a stick that is copied first is found again for the results of the run, while it is there', async () => {
  const host = await winpeHost();
  await putDisc(host, 'E', 1, { copyFirst: true });
  const kept = await keepMedium(host, await findMedium(host, MEDIUM_ID));
  if (kept === undefined) throw new Error('not kept');
  expect(kept.mounted.root).not.toBe(host.drive('E'));
  expect(await kept.find(kept.mounted)).toMatchObject({ root: host.drive('E'), device: 'E:' });
  await rm(host.drive('E'), { recursive: true });
  await kept.leaveDisk();
  expect(await kept.find(kept.mounted)).toBeUndefined();
});

it('in the running Windows a set is copied to its drive, where the start after a restart finds it', async () => {
  const host = await winpeHost();
  const { manifest } = await putDisc(host, 'D', 1);
  await putDisc(host, 'E', 2);
  const found = await findMedium(host, MEDIUM_ID);
  const medium: Medium = { ...found, manifest };
  const files = await filesOfMedium(host, 'C', found);
  expect(await files.missingDiscs(medium, [1, 2])).toEqual([]);
  await files.keepFiles(medium, content(manifest), { signal });
  for (const letter of ['D', 'E']) await rm(host.drive(letter), { recursive: true });
  const folder = keptFolder(host, 'C');
  expect(await files.mediumFile(medium, UPGRADE, { signal })).toBe(join(folder, UPGRADE));
  const later = await filesOfMedium(host, 'C', { ...found, root: folder });
  expect(later.filesToVerify(manifest.files).map(({ path }) => path)).toEqual(Object.keys(CONTENTS));
  expect(await later.mediumFile({ ...medium, root: folder }, UPGRADE, { signal })).toBe(join(folder, UPGRADE));
});

it('all discs in one folder are a medium like any other', async () => {
  const host = await winpeHost();
  const { manifest } = await putDisc(host, 'D', 1);
  await putDisc(host, 'D', 2);
  const found = await findMedium(host, MEDIUM_ID);
  const files = await filesOfMedium(host, 'C', found);
  expect(files.filesToVerify(manifest.files).length).toBe(manifest.files.length);
  expect(await files.mediumFile({ ...found, manifest }, UPGRADE, { signal })).toBe(join(host.drive('D'), UPGRADE));
});
