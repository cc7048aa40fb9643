import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { exec } from '../../runtime/host/exec.ts';
import { readTable, withPartition } from '../helpers/e2e-disk.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { GIB, type MachineRun, runAndCut, runToEnd } from '../helpers/e2e-machine.ts';
import { expectStart, MOMENTS, POWER_CUT_IMAGE } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { deploySequence, IMAGE, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { outcomes } from '../helpers/run.ts';

const scratch = useScratchFolder();
type Images = Record<'gpt' | 'mbr', string>;
let images: Images;
let restarting: Images;

/** Restarts in the middle, without the medium in any drive but the disk. */
const RESTARTING: WrittenSequence = {
  formatVersion: 2,
  id: 'restarting',
  name: 'Restart in the middle',
  onFailure: 'shutdown',
  steps: [
    { step: 'format-and-partition-disk' },
    { step: 'restart-computer', target: 'winpe' },
    { step: 'apply-operating-system', image: IMAGE },
  ],
};

beforeAll(async () => {
  images = await build('medium', deploySequence({ disk: { empty: true } }));
  restarting = await build('restarting', RESTARTING);
});

async function build(name: string, sequence: WrittenSequence): Promise<Images> {
  const { outputs } = await buildTestMedium(scratch(name), {
    sequences: [sequence],
    size: POWER_CUT_IMAGE,
    options: {
      outputs: [{ prestaged: 'gpt.img' }, { prestaged: 'mbr.img', layout: 'fat32', partitionTable: 'mbr' }],
    },
  });
  const [gpt = '', mbr = ''] = outputs;
  return { gpt, mbr };
}

/** A disk as a factory would lay it: the image at its beginning, nothing behind it. */
async function aDisk(image: string, name: string): Promise<string> {
  await mkdir(scratch(name), { recursive: true });
  const disk = scratch(name, 'disk.img');
  await createDisk(disk, 4 * GIB);
  await exec(['dd', `if=${image}`, `of=${disk}`, 'bs=4M', 'conv=notrunc,sparse', 'status=none']);
  return disk;
}

async function firstStart(disk: string, firmware: Firmware, name: string): Promise<MachineRun> {
  await mkdir(scratch(name), { recursive: true });
  return runToEnd({ firmware, disks: [{ path: disk, bus: 'ahci' }], folder: scratch(name) });
}

async function expectDeployed(disk: string, { events, finished, end }: MachineRun): Promise<void> {
  expect(finished.error).toBeUndefined();
  expect(finished).toMatchObject({ outcome: 'succeeded', action: 'restart' });
  expect(end).toBe('guest-reset');
  expect(outcomes(events).every((line) => line.endsWith(' succeeded'))).toBe(true);
  const { partitions } = await readTable(disk);
  const windows = partitions.find(({ name, size }) => name === 'Windows' || (name === undefined && size > 4_000_000));
  if (windows === undefined) throw new Error('no Windows partition');
  const facts = await withPartition(disk, windows, async (device) => (await exec(['ntfsinfo', '-m', device])).stdout);
  expect(Number(/Volume Size in Clusters: (\d+)/.exec(facts)?.[1])).toBe(Math.floor((windows.size - 1) / 8));
  expect(facts).toMatch(/Volume Flags: 0x0000/);
}

describe('a disk that was laid in a factory', () => {
  it.each<Firmware>(['uefi', 'secureboot'])('deploys itself at its first start under %s', async (firmware) => {
    const disk = await aDisk(images.gpt, firmware);
    const run = await firstStart(disk, firmware, `${firmware}-start`);
    await expectDeployed(disk, run);
    expect(logsOf(run.events, 'inventory').join()).toContain('"prestagedBytes"');
    const { partitions } = await readTable(disk);
    expect(partitions.map(({ name }) => name)).toEqual(['System', 'MSR', 'Windows', 'Recovery']);
    await expectStart(disk, scratch(`${firmware}-windows`));
  });

  it('deploys itself at its first start under bios', async () => {
    const disk = await aDisk(images.mbr, 'bios');
    await expectDeployed(disk, await firstStart(disk, 'bios', 'bios-start'));
    expect((await readTable(disk)).partitions).toHaveLength(3);
  });

  it.each([
    ['gpt', 'uefi'],
    ['mbr', 'bios'],
  ] as const)('goes on after a restart that its sequence asks for, %s under %s', async (style, firmware) => {
    const disk = await aDisk(restarting[style], `restart-${style}`);
    const before = await firstStart(disk, firmware, `restart-${style}-before`);
    expect(before.finished).toMatchObject({ outcome: 'succeeded', continues: 'winpe' });
    const after = await firstStart(disk, firmware, `restart-${style}-after`);
    await expectDeployed(disk, after);
    expect(outcomes(after.events)).toEqual([expect.stringMatching(/ succeeded$/)]);
  });

  it.each<[string, (event: RunEvent) => boolean]>([
    ['while the medium is moved', (event) => event.event === 'progress' && event.title.startsWith('Moving ')],
    ['while file systems are made', MOMENTS['while file systems are made']],
    ['in the middle of applying', MOMENTS['in the middle of applying']],
    ['at the handover', MOMENTS['at the handover']],
  ])('goes on by itself after its power was cut %s', async (moment, isThen) => {
    const disk = await aDisk(images.gpt, moment);
    const machine = { firmware: 'uefi' as const, disks: [{ path: disk, bus: 'ahci' as const }] };
    const events = await runAndCut({ ...machine, folder: scratch(moment) }, isThen);
    expect(events.some(({ event }) => event === 'finished')).toBe(false);
    await expectDeployed(disk, await firstStart(disk, 'uefi', `${moment}-again`));
    await expectStart(disk, scratch(`${moment}-windows`));
  });
});
