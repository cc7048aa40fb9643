import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cachedFolder, contentKey, keepNewest } from '../../../builder/cached-folder.ts';
import { exec } from '../../../runtime/host/exec.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'mediasmith-cache-'));
});
afterEach(() => rm(parent, { recursive: true }));

it('fills a folder once', async () => {
  const folder = join(parent, 'kind', 'key');
  await cachedFolder(folder, (temporary) => writeFile(join(temporary, 'file'), 'first'));
  await cachedFolder(folder, () => Promise.reject(new Error('filled twice')));
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('first');
});

it('leaves nothing behind when the filling fails', async () => {
  const failing = cachedFolder(join(parent, 'key'), async (temporary) => {
    await writeFile(join(temporary, 'half'), '');
    throw new Error('interrupted');
  });
  await expect(failing).rejects.toThrow('interrupted');
  expect(await readdir(parent)).toEqual([]);
});

it('accepts the folder somebody else has finished meanwhile', async () => {
  const folder = join(parent, 'key');
  await cachedFolder(folder, async (temporary) => {
    await writeFile(join(temporary, 'file'), 'ours');
    await cachedFolder(folder, (other) => writeFile(join(other, 'file'), 'theirs'));
  });
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('theirs');
  expect(await readdir(parent)).toEqual(['key']);
});

it('keeps what was used last and what is being made', async () => {
  for (const [name, time] of Object.entries({ old: 1, new: 3, middle: 2, '.making-x': 0 })) {
    await mkdir(join(parent, name));
    await utimes(join(parent, name), time, time);
  }
  await keepNewest(parent, 2);
  expect((await readdir(parent)).sort()).toEqual(['.making-x', 'middle', 'new']);
});

it('keeps what another build may be reading', async () => {
  for (const name of ['made', 'used', 'left']) await mkdir(join(parent, name));
  for (const name of ['used', 'left']) await utimes(join(parent, name), 1, 1);
  await cachedFolder(join(parent, 'used'), () => Promise.reject(new Error('filled twice')));
  await keepNewest(parent, 0);
  expect((await readdir(parent)).sort()).toEqual(['made', 'used']);
});

it('is not stopped by what another build has removed meanwhile', async () => {
  await symlink(join(parent, 'nowhere'), join(parent, 'removed'));
  await mkdir(join(parent, 'old'));
  await utimes(join(parent, 'old'), 1, 1);
  await keepNewest(parent, 0);
  expect(await readdir(parent)).not.toContain('old');
});

it.skipIf(process.getuid?.() !== 0)('is not stopped by what cannot be removed', async () => {
  const [busy, old] = [join(parent, 'busy'), join(parent, 'old')];
  for (const folder of [busy, old]) await mkdir(folder);
  await exec(['mount', '-t', 'tmpfs', 'none', busy]);
  try {
    for (const [folder, time] of [
      [busy, 2],
      [old, 1],
    ] as const)
      await utimes(folder, time, time);
    await keepNewest(parent, 0);
  } finally {
    await exec(['umount', busy]);
  }
  expect(await readdir(parent)).toEqual(['busy']);
});

it('names different inputs differently', () => {
  expect(contentKey(['a', 'b'])).not.toBe(contentKey(['ab']));
  expect(contentKey(['a'])).toMatch(/^[0-9a-f]{64}$/);
});

it('what a process that is gone has begun is removed by the next, and nobody else is disturbed', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const [gone, here] = [`.making-${pid}-abc123`, `.making-${process.pid}-abc123`];
  for (const name of [gone, here]) await mkdir(join(parent, name));
  await cachedFolder(join(parent, 'made'), async () => undefined);
  expect((await readdir(parent)).sort()).toEqual([here, 'made']);
});
