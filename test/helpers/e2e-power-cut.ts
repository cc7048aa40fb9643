import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { allocatedBytes, createDisk } from '../../builder/boot-test/disk.ts';
import { bootDisk } from '../../builder/boot-test/disk-boot.ts';
import { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { standInText } from '../../builder/demo/stand-in-text.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { GIB, MEMORY_MIB, runAndCut, runToEnd } from './e2e-machine.ts';
import { deploySequence } from './e2e-sequences.ts';
import { buildTestMedium } from './medium.ts';

/** Large enough to be applied for a few seconds, so that there is a middle. */
export const POWER_CUT_IMAGE = { files: 400, bytes: 40_000_000 };

/** Moments of a deployment, each named by the first event that belongs to it. */
export const MOMENTS = {
  'as the disk is being erased': (event) =>
    event.event === 'log' && event.component === 'format-and-partition-disk' && event.message.startsWith('erasing '),
  'while file systems are made': (event) => event.event === 'progress' && event.title === 'Partitioning and formatting',
  'in the middle of applying': (event) =>
    event.event === 'progress' && event.title.startsWith('Applying ') && event.done > 0.1 * event.total,
  'after applying': (event) => event.event === 'step-started' && event.type === 'apply-windows-settings',
  'at the handover': (event) => event.event === 'log' && event.message === 'the disk is made to start Windows',
} satisfies Record<string, (event: RunEvent) => boolean>;

export type Moment = keyof typeof MOMENTS;

/** The medium of these tests: it deploys onto an empty disk, and onto no other. */
export async function buildPowerCutMedium(folder: string): Promise<string> {
  const sequences = [deploySequence({ disk: { empty: true } })];
  return (await buildTestMedium(folder, { sequences, size: POWER_CUT_IMAGE })).iso;
}

/**
 * Deploys, under UEFI unless told otherwise, cuts the power at the moment, and looks at what the disk does: alone it does not start; the same
 * medium deploys it again, onto a disk that its sequence asks to be empty. Returns the disk for what else is to be seen.
 */
export async function cutAndDeployAgain(
  iso: string,
  moment: Moment,
  folder: string,
  firmware: 'uefi' | 'bios' = 'uefi',
): Promise<{ disk: string }> {
  const disk = join(folder, 'disk.img');
  const machine = {
    firmware,
    medium: { path: iso, as: 'cdrom' as const },
    disks: [{ path: disk, bus: 'ahci' as const }],
  };
  const before = await runAndCut({ ...machine, folder: await freshDisk(folder, disk) }, MOMENTS[moment]);
  expect(before.some(({ event }) => event === 'finished')).toBe(false);
  // The first thing ever written is the claim.
  const unfinished = (await allocatedBytes(disk)) > 0;

  if (firmware === 'uefi') await expectNoStart(disk, join(folder, 'alone'));
  else await expectNoBootCode(disk);

  const again = await runToEnd({ ...machine, folder: join(folder, 'again') });
  expect(again.finished.error).toBeUndefined();
  expect(again).toMatchObject({ finished: { outcome: 'succeeded' }, end: 'guest-reset' });
  const found = again.events.find((event) => event.event === 'log' && event.message.startsWith('disk {'));
  expect(found).toMatchObject({ message: expect.stringContaining(`"unfinished":${unfinished},"empty":true`) });
  return { disk };
}

export async function expectStart(disk: string, folder: string): Promise<void> {
  const expectLine = new RegExp(RegExp.escape(standInText('bootmgfw.efi')));
  const start = await bootDisk({ disk, firmware: 'uefi', expectLine, seconds: 120, folder, memoryMiB: MEMORY_MIB });
  expect(start.failure, start.lastLines.join('\n')).toBeUndefined();
}

/** The firmware says of each disk that it starts it, or that it cannot. */
async function expectNoStart(disk: string, folder: string): Promise<void> {
  const disks = [{ path: disk, bus: 'ahci' as const }];
  await using machine = await VirtualMachine.start({ firmware: 'uefi', folder, disks, memoryMiB: MEMORY_MIB });
  const verdict = await machine.waitForLine(/BdsDxe: (starting|failed to load) Boot\d+ "UEFI QEMU HARDDISK/, {
    seconds: 120,
  });
  expect(verdict).toMatch(/failed to load .*: Not Found/);
}

const BOOT_CODE_BYTES = 440;
const PARTITION_ENTRIES = [446, 462, 478, 494];

/** A BIOS starts a disk by the code in its first sector, and that the active partition. */
async function expectNoBootCode(disk: string): Promise<void> {
  await using file = await open(disk);
  const { buffer } = await file.read(Buffer.alloc(512), 0, 512, 0);
  expect(buffer.subarray(0, BOOT_CODE_BYTES).every((byte) => byte === 0)).toBe(true);
  expect(PARTITION_ENTRIES.map((offset) => buffer[offset])).toEqual([0, 0, 0, 0]);
}

async function freshDisk(folder: string, disk: string): Promise<string> {
  const first = join(folder, 'first');
  await mkdir(first, { recursive: true });
  await createDisk(disk, 4 * GIB);
  return first;
}
