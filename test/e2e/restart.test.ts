import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { expectStart } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { IMAGE, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { outcomes } from '../helpers/run.ts';

const scratch = useScratchFolder();
const SECRET = 'correct horse battery';
const media: Record<string, string> = {};

/** Restarts in the middle, with a secret and a variable that must come through. */
const sequence = (id: string, style: 'firmware' | 'gpt'): WrittenSequence => ({
  formatVersion: 2,
  id,
  name: 'Restart in the middle',
  onFailure: 'shutdown',
  steps: [
    { step: 'set-variable', variable: 'Password', value: SECRET, secret: true },
    { step: 'set-variable', variable: 'Colour', value: 'green' },
    { step: 'format-and-partition-disk', style },
    { step: 'restart-computer', target: 'winpe' },
    { step: 'apply-operating-system', image: IMAGE },
    { step: 'run-command-line', name: 'Say it', command: ['echo', 'colour %Colour%, password %Password%'] },
  ],
});

beforeAll(async () => {
  for (const style of ['firmware', 'gpt'] as const) {
    const medium = await buildTestMedium(scratch(`medium-${style}`), { sequences: [sequence('restart', style)] });
    media[style] = medium.iso;
  }
});

describe.each<[string, keyof typeof media, Firmware, Firmware]>([
  ['under UEFI', 'firmware', 'uefi', 'uefi'],
  ['under BIOS', 'firmware', 'bios', 'bios'],
  ['from BIOS to UEFI', 'gpt', 'bios', 'uefi'],
])('a sequence that restarts in the middle, %s', (title, style, before, after) => {
  let first: MachineRun;
  let second: MachineRun;
  let disk: string;

  beforeAll(async () => {
    const folder = scratch(title);
    disk = join(folder, 'disk.img');
    await mkdir(join(folder, 'first'), { recursive: true });
    await mkdir(join(folder, 'second'), { recursive: true });
    await createDisk(disk, 4 * GIB);
    const machine = {
      medium: { path: media[style] ?? '', as: 'cdrom' as const },
      disks: [{ path: disk, bus: 'ahci' as const }],
    };
    first = await runToEnd({ ...machine, firmware: before, folder: join(folder, 'first') });
    second = await runToEnd({ ...machine, firmware: after, folder: join(folder, 'second') });
  });

  it('says that it goes on, and goes on behind its restart', () => {
    expect(first.finished.error).toBeUndefined();
    expect(first.finished).toMatchObject({ outcome: 'succeeded', action: 'restart', continues: 'winpe' });
    expect(outcomes(second.events)).toEqual(['Apply Operating System Image succeeded', 'Say it succeeded']);
    expect(second.finished).toMatchObject({ outcome: 'succeeded', action: 'restart' });
    expect(second.finished.continues).toBeUndefined();
  });

  it('has its variables again, and keeps the secret one to itself', () => {
    expect(logsOf(second.events, 'run-command-line')).toContain('colour green, password ********');
    expect(JSON.stringify([first.events, second.events])).not.toContain(SECRET);
  });

  it('leaves a disk that starts', async () => {
    if (after === 'uefi') await expectStart(disk, scratch(title, 'deployed'));
  });
});
