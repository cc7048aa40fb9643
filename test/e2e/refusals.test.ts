import { copyFile, mkdir, open } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { allocatedBytes, createDisk } from '../../builder/boot-test/disk.ts';
import { locateInIso } from '../../builder/tools/xorriso.ts';
import { exec } from '../../runtime/host/exec.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { deploySequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();

describe('a medium with one flipped byte', () => {
  let sound: string;
  beforeAll(async () => {
    sound = (await buildTestMedium(scratch('sound'))).iso;
  });

  it.each(['mediasmith/images/small.wim', 'mediasmith/sequences/deploy.json'])(
    'in %s is refused by the name of the file, and the disk stays as it was',
    async (path) => {
      const damaged = scratch('damaged.iso');
      await copyFile(sound, damaged);
      await flipByte(damaged, path);
      const { run, written } = await runOnEmptyDisk(damaged);
      expect(run.finished).toMatchObject({ outcome: 'failed', code: 'MEDIUM_CORRUPT' });
      expect(run.finished.error).toContain(`${path}: its content has changed`);
      expect(run.events.some(({ event }) => event === 'sequence-started')).toBe(false);
      expect(written).toBe(0);
    },
  );
});

describe('a layout whose volume is too small for its image, and only on this disk', () => {
  it('is refused before anything is written', async () => {
    const volumes = [
      { type: 'primary', name: 'System', size: '100 MB', bootable: true },
      { type: 'primary', name: 'Archive', size: '3500 MB' },
      { type: 'primary', name: 'Windows', size: '1%' },
      { type: 'primary', name: 'Data', size: 'rest' },
    ];
    const { iso } = await buildTestMedium(scratch('small'), { sequences: [deploySequence({ volumes })] });
    const { run, written } = await runOnEmptyDisk(iso);
    expect(run.finished).toMatchObject({ outcome: 'failed', code: 'VOLUME_TOO_SMALL', action: 'shutdown' });
    expect(written).toBe(0);
  });
});

async function runOnEmptyDisk(iso: string): Promise<{ run: MachineRun; written: number }> {
  const folder = scratch('machine');
  const disk = scratch('machine', 'disk.img');
  await mkdir(folder, { recursive: true });
  await createDisk(disk, 4 * GIB);
  const run = await runToEnd({
    ...{ firmware: 'bios', folder, medium: { path: iso, as: 'cdrom' }, disks: [{ path: disk, bus: 'ahci' }] },
  });
  return { run, written: await allocatedBytes(disk) };
}

/** In the middle of the file, wherever it lies in the ISO. */
async function flipByte(iso: string, path: string): Promise<void> {
  const extent = (await locateInIso(iso, [path], exec)).get(path);
  if (extent === undefined) throw new Error(`no ${path} in ${iso}`);
  const position = extent.offset + Math.floor(extent.bytes / 2);
  await using file = await open(iso, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0x01]), 0, 1, position);
}
