import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { clearContent, contentPlace } from '../../runtime/platform/linux/content-place.ts';
import { mountVolume } from '../../runtime/platform/linux/mount.ts';
import { formatArgv } from '../../runtime/platform/linux/partition.ts';
import type { TargetDisk, TargetVolume } from '../../runtime/platform/platform.ts';

const MIB = 1024 ** 2;
const VOLUME_BYTES = 600 * MIB;
const ROOM = { volume: 1, offsetBytes: 400 * MIB };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-room-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file that stands for a partition. */
async function aVolume(name: string, room: TargetDisk['contentRoom']): Promise<TargetDisk> {
  const device = join(folder, name);
  await writeFile(device, '');
  await truncate(device, VOLUME_BYTES);
  const volume: TargetVolume = {
    ...{
      name: 'Windows',
      role: 'primary',
      device,
      number: 1,
      startBytes: MIB,
      bytes: VOLUME_BYTES,
      fileSystem: 'ntfs',
    },
  };
  await exec(formatArgv(volume, 512, room) ?? ['false']);
  return { device, style: 'gpt', identity: '', volumes: [volume], ...(room !== undefined && { contentRoom: room }) };
}

/** What NTFS says of a volume, but for its serial number. */
function factsOf(device: string): string[] {
  const said = execFileSync('ntfsinfo', ['-m', device], { encoding: 'utf8' });
  return said
    .split('\n')
    .filter((line) => /Volume Flags|Volume Size|Cluster Size|Volume Version|Volume Name/.test(line));
}

it('content lies behind the file system, which in the end has all of the volume as if nothing had been there', async () => {
  const target = await aVolume('with', ROOM);
  const { device } = target.volumes[0] ?? { device: '' };
  const place = contentPlace(exec, target, { make: true });
  const open = await place?.open();
  await writeFile(join(open ?? '', 'large.wim'), Buffer.alloc(16 * MIB, 'c'));
  {
    // The image is written meanwhile: neither takes notice of the other.
    await using windows = await mountVolume(exec, 'ntfs', device, 'write');
    await writeFile(join(windows.path, 'of-windows'), Buffer.alloc(32 * MIB, 'w'));
  }
  expect((await readFile(join(open ?? '', 'large.wim'))).every((byte) => byte === 'c'.charCodeAt(0))).toBe(true);
  await place?.leave();
  // After a restart.
  const again = contentPlace(exec, target, { make: false });
  expect((await stat(join((await again?.open()) ?? '', 'large.wim'))).size).toBe(16 * MIB);
  await again?.clear();
  const without = await aVolume('without', undefined);
  expect(factsOf(device)).toEqual(factsOf(without.device));
  {
    await using windows = await mountVolume(exec, 'ntfs', device, 'read');
    expect((await readFile(join(windows.path, 'of-windows'))).every((byte) => byte === 'w'.charCodeAt(0))).toBe(true);
  }
  // A hand-over that was cut does it again, and no start finds content there any more.
  await clearContent(exec, target);
  expect(factsOf(device)).toEqual(factsOf(without.device));
  expect(await contentPlace(exec, target, { make: false })?.open()).toBeUndefined();
  expect(execFileSync('losetup', ['--all'], { encoding: 'utf8' })).not.toContain(device);
});

it('a volume without room for content is left alone', async () => {
  const target = await aVolume('plain', undefined);
  expect(contentPlace(exec, target, { make: true })).toBeUndefined();
  const before = factsOf(target.device);
  await clearContent(async () => Promise.reject(new Error('nothing was to run')), target);
  expect(factsOf(target.device)).toEqual(before);
});
