import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { exec } from '../../runtime/host/exec.ts';
import { readTable, windowsPartition, withPartition } from './e2e-disk.ts';
import { logsOf } from './e2e-events.ts';
import { GIB, type MachineRun, runAndCut, runToEnd } from './e2e-machine.ts';
import { expectStart, MOMENTS, POWER_CUT_IMAGE } from './e2e-power-cut.ts';
import { deploySequence, type WrittenSequence } from './e2e-sequences.ts';
import { buildTestMedium } from './medium.ts';
import { outcomes } from './run.ts';

const OUTPUTS = {
  gpt: { prestaged: 'gpt.img' },
  mbr: { prestaged: 'mbr.img', layout: 'fat32', partitionTable: 'mbr' },
};

/** Deploys where the disk is empty, as that of a factory is besides its medium. */
export const PRESTAGED_DEPLOY = deploySequence({ disk: { empty: true } });

/** Builds a prestaged medium and returns the image of its disk. */
export async function prestagedImage(
  folder: string,
  style: keyof typeof OUTPUTS,
  sequence: WrittenSequence = PRESTAGED_DEPLOY,
): Promise<string> {
  const wishes = { sequences: [sequence], size: POWER_CUT_IMAGE, options: { outputs: [OUTPUTS[style]] } };
  return (await buildTestMedium(folder, wishes)).iso;
}

/** A disk as a factory would lay it: the image at its beginning, nothing behind it. */
export async function factoryDisk(image: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const disk = join(folder, 'disk.img');
  await createDisk(disk, 4 * GIB);
  await exec(['dd', `if=${image}`, `of=${disk}`, 'bs=4M', 'conv=notrunc,sparse', 'status=none']);
  return disk;
}

/** Starts a machine that has this disk and nothing else. */
export async function startDisk(disk: string, firmware: Firmware, folder: string): Promise<MachineRun> {
  await mkdir(folder, { recursive: true });
  return runToEnd({ firmware, disks: [{ path: disk, bus: 'ahci' }], folder });
}

/** The disk of a new machine deploys itself, and starts Windows then. */
export async function expectFirstStart(image: string, firmware: 'uefi' | 'secureboot', folder: string): Promise<void> {
  await expectSelfDeployment(await factoryDisk(image, folder), firmware, folder);
}

/** The same, whoever has laid the medium onto the disk. */
export async function expectSelfDeployment(
  disk: string,
  firmware: 'uefi' | 'secureboot',
  folder: string,
): Promise<MachineRun> {
  const run = await startDisk(disk, firmware, join(folder, 'start'));
  await expectDeployed(disk, run);
  expect(logsOf(run.events, 'inventory').join()).toContain('"prestagedBytes"');
  const { partitions } = await readTable(disk);
  expect(partitions.map(({ name }) => name)).toEqual(['System', 'MSR', 'Windows', 'Recovery']);
  await expectStart(disk, join(folder, 'windows'));
  return run;
}

/** The moments of any deployment, and the one that only these have. */
export const PRESTAGED_MOMENTS = {
  ...MOMENTS,
  'while the medium is moved': (event) => event.event === 'progress' && event.title.startsWith('Moving '),
} satisfies Record<string, (event: RunEvent) => boolean>;

/** Cuts the power at the moment: the next start goes on without help, to a disk that starts Windows. */
export async function expectToGoOn(
  image: string,
  moment: keyof typeof PRESTAGED_MOMENTS,
  folder: string,
): Promise<void> {
  const disk = await factoryDisk(image, folder);
  const machine = { firmware: 'uefi' as const, disks: [{ path: disk, bus: 'ahci' as const }] };
  const events = await runAndCut({ ...machine, folder }, PRESTAGED_MOMENTS[moment]);
  expect(events.some(({ event }) => event === 'finished')).toBe(false);
  await expectDeployed(disk, await startDisk(disk, 'uefi', join(folder, 'again')));
  await expectStart(disk, join(folder, 'windows'));
}

/** It has deployed, and Windows' volume, which is sound, has all of its partition. */
export async function expectDeployed(disk: string, { events, finished, end }: MachineRun): Promise<void> {
  expect(finished.error).toBeUndefined();
  expect(finished).toMatchObject({ outcome: 'succeeded', action: 'restart' });
  expect(end).toBe('guest-reset');
  expect(outcomes(events).every((line) => line.endsWith(' succeeded'))).toBe(true);
  const windows = await windowsPartition(disk);
  const facts = await withPartition(disk, windows, async (device) => (await exec(['ntfsinfo', '-m', device])).stdout);
  expect(Number(/Volume Size in Clusters: (\d+)/.exec(facts)?.[1])).toBe(Math.floor((windows.size - 1) / 8));
  expect(facts).toMatch(/Volume Flags: 0x0000/);
}
