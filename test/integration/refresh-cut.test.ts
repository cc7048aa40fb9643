import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { readFile, stat, type unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { mountVolume } from '../../runtime/platform/linux/mount.ts';
import { PLAN, refresh, STORE, standInImage, starts, usedDisk } from '../helpers/refresh.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { copyVolume, type WindowsDisk } from '../helpers/windows-disk.ts';

/** Counts what is removed, so that a test can look between two files. */
let onUnlink: (() => void) | undefined;
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const counted: typeof unlink = async (path) => {
    onUnlink?.();
    await real.unlink(path);
  };
  return { ...real, unlink: counted };
});

let image: string;
beforeAll(async () => {
  image = await standInImage();
}, 120_000);

type Moment = { file: string; starts: boolean[] };

/** What a cut would leave on the disk now: nothing of the runtime runs while it is copied. */
async function look(disk: WindowsDisk, moments: Moment[]): Promise<void> {
  const file = join(await temporaryFolder(), 'cut.img');
  copyVolume(disk, file);
  moments.push({ file, starts: await starts(disk) });
}

/** The volume as the next start finds it. */
async function found(file: string): Promise<{ plan: string; other: string; user: boolean; windows: boolean }> {
  const { stdout } = await exec(['ntfsfix', '-n', file]);
  expect(stdout).toContain('processed successfully');
  await using volume = await mountVolume(exec, 'ntfs', file, 'read');
  const has = (path: string): Promise<boolean> =>
    stat(join(volume.path, path)).then(
      () => true,
      () => false,
    );
  return {
    plan: await readFile(join(volume.path, STORE), 'utf8'),
    other: await readFile(join(volume.path, 'StateStore/PC1/USMT/USMT.MIG'), 'utf8'),
    user: await has('Users/bob/plan.txt'),
    windows: await has('Windows/System32/config/SYSTEM'),
  };
}

/** Applies the image to a volume in a file, and kills that after so many changes of the file. False where it has ended. */
async function killAfter(changes: number, file: string): Promise<boolean> {
  let count = 0;
  const watcher = watch(file, () => {
    if (++count === changes) child.kill('SIGKILL');
  });
  const child = spawn('wimapply', [image, '2', file], { stdio: 'ignore' });
  const [, signal] = await once(child, 'exit');
  watcher.close();
  return signal === 'SIGKILL';
}

describe.runIf(process.getuid?.() === 0)('a refresh that is cut', { timeout: 300_000 }, () => {
  it('while it removes the old Windows leaves what was kept, and a disk that starts none', async () => {
    const disk = await usedDisk(image);
    const moments: Moment[] = [];
    const { deactivateBoot, clearVolume } = disk.platform;
    disk.platform.deactivateBoot = async (target) => {
      await look(disk, moments);
      await deactivateBoot(target);
      await look(disk, moments);
    };
    disk.platform.clearVolume = async (...call) => {
      let removed = 0;
      onUnlink = () => {
        if (removed++ % 60 !== 0) return;
        const file = join(folder, `${removed}.img`);
        copyVolume(disk, file);
        files.push(file);
      };
      await clearVolume(...call);
      onUnlink = undefined;
      await look(disk, moments);
    };
    const folder = await temporaryFolder();
    const files: string[] = [];
    const { outcome } = await refresh(image, disk);
    expect(outcome.error).toBeUndefined();
    expect(files.length).toBeGreaterThan(2);
    const [before, ...after] = moments;
    expect([before?.starts, await found(before?.file ?? '')]).toMatchObject([
      [true, true],
      { user: true, windows: true },
    ]);
    expect(after.map(({ starts: loaders }) => loaders)).toEqual(after.map(() => [false, false]));
    for (const file of [...after.map((moment) => moment.file), ...files])
      expect(await found(file)).toMatchObject({ plan: PLAN, other: 'another store' });
    expect(await found(after.at(-1)?.file ?? '')).toMatchObject({ user: false, windows: false });
  });

  it('while libwim writes the new one leaves what was kept', async () => {
    const disk = await usedDisk(image);
    const moments: Moment[] = [];
    const { applyImage } = disk.platform;
    disk.platform.applyImage = async (...call) => {
      await look(disk, moments);
      await applyImage(...call);
    };
    await refresh(image, disk);
    const cleared = moments[0]?.file ?? '';
    let cut = 0;
    for (let changes = 1, ends = false; !ends; changes *= 2) {
      const file = join(await temporaryFolder(), 'cut.img');
      execFileSync('cp', ['--sparse=always', cleared, file]);
      ends = !(await killAfter(changes, file));
      if (!ends) cut++;
      expect(await found(file)).toMatchObject({ plan: PLAN, other: 'another store' });
    }
    expect(cut).toBeGreaterThan(0);
  });
});
