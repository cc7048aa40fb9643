import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { allocatedBytes, createDisk } from '../../builder/boot-test/disk.ts';
import type { DiskBus, MachineDisk } from '../../builder/boot-test/machine.ts';
import type { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { readTable } from '../helpers/e2e-disk.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { GIB, runToEnd } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();
let unattended: string;
let attended: string;

beforeAll(async () => {
  unattended = (await buildTestMedium(scratch('unattended'))).iso;
  attended = (await buildTestMedium(scratch('attended'), { unattended: false })).iso;
});

describe('a machine with two disks that qualify', () => {
  it('is refused where nobody is there to ask, and both disks stay as they were', async () => {
    const disks = await makeDisks('refused', ['ahci', 'nvme']);
    const run = await runToEnd({
      ...{ firmware: 'bios', folder: scratch('refused'), medium: { path: unattended, as: 'cdrom' }, disks },
    });
    expect(run).toMatchObject({ finished: { outcome: 'failed', code: 'DISK_NOT_CHOSEN' }, end: 'guest-shutdown' });
    for (const { serial, path } of disks) {
      expect(run.finished.error).toContain(`serial ${serial}: qualifies`);
      expect(await allocatedBytes(path), serial).toBe(0);
    }
  });

  it('asks the person at the console, and deploys the disk that was picked', async () => {
    const disks = await makeDisks('asked', ['ahci', 'ahci']);
    const run = await runToEnd(
      { firmware: 'bios', folder: scratch('asked'), medium: { path: attended, as: 'cdrom' }, disks },
      (machine) => pickDisk(machine, 'SECOND'),
    );
    expect(run).toMatchObject({ finished: { outcome: 'succeeded' }, end: 'guest-reset' });
    await expectOnlyDeployed('SECOND', disks, run.events);
  });
});

describe('a machine with one internal disk and a USB disk beside the stick with the medium', () => {
  it('deploys the internal disk and leaves the USB disk alone', async () => {
    const disks = await makeDisks('usb', ['usb', 'nvme']);
    const run = await runToEnd({
      ...{ firmware: 'uefi', folder: scratch('usb'), medium: { path: unattended, as: 'usb' }, disks },
    });
    expect(run).toMatchObject({ finished: { outcome: 'succeeded' }, end: 'guest-reset' });
    await expectOnlyDeployed('SECOND', disks, run.events);
    const said = logsOf(run.events, 'format-and-partition-disk').join('\n');
    expect(said).toMatch(/: 4\.0 GB, usb, .*: refused, it is attached by USB/);
    expect(said).toMatch(/: refused, the medium we run from is on it; it is removable; it is attached by USB/);
  });
});

async function makeDisks(name: string, buses: readonly DiskBus[]): Promise<(MachineDisk & { serial: string })[]> {
  await mkdir(scratch(name), { recursive: true });
  const serials = ['FIRST', 'SECOND'];
  return Promise.all(
    buses.map(async (bus, index) => {
      const path = scratch(name, `disk${index}.img`);
      await createDisk(path, (4 + index) * GIB);
      return { path, bus, serial: serials[index] ?? `DISK${index}` };
    }),
  );
}

/** The number of a disk in the question is its place among those that qualify. */
async function pickDisk(machine: VirtualMachine, serial: string): Promise<void> {
  const question = await machine.waitForEvent(({ event }) => event === 'question', { seconds: 400 });
  if (question.event !== 'question') throw new Error('unreachable: another event than the one waited for');
  const number = (question.choices ?? []).findIndex((choice) => choice.includes(`serial ${serial}`)) + 1;
  await machine.sendKeys(String(number), 'ret');
}

async function expectOnlyDeployed(
  serial: string,
  disks: readonly MachineDisk[],
  events: readonly RunEvent[],
): Promise<void> {
  const erased = logsOf(events, 'format-and-partition-disk').filter((line) => line.startsWith('erasing '));
  expect(erased).toEqual([expect.stringMatching(new RegExp(`serial ${serial}$`))]);
  for (const disk of disks) {
    if (disk.serial === serial) expect((await readTable(disk.path)).partitions.length).toBeGreaterThan(2);
    else expect(await allocatedBytes(disk.path), disk.serial).toBe(0);
  }
}
