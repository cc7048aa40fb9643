import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { expectTheImage } from '../helpers/e2e-deployed-windows.ts';
import { windowsPartition } from '../helpers/e2e-disk.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { expectStart, POWER_CUT_IMAGE } from '../helpers/e2e-power-cut.ts';
import { expectDeployed } from '../helpers/e2e-prestaged.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { expectSecretMasked, SECRET_STEPS } from '../helpers/e2e-secrets.ts';
import { DEPLOY, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { STICKS } from '../helpers/e2e-stick-start.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { outcomes } from '../helpers/run.ts';

const scratch = useScratchFolder();
const ALL_ON_DISK = 'everything is on the disk: the medium may be taken out';

/** Waits for the stick to be gone, so that nothing behind it can be read from there. */
const WAIT = {
  step: 'run-command-line',
  name: 'Until the stick is out',
  command: ['sh', '-c', 'while grep -q 1 /sys/block/sd*/removable; do sleep 1; done'],
  timeoutSeconds: 300,
};

const SEQUENCE: WrittenSequence = {
  ...DEPLOY,
  steps: DEPLOY.steps.flatMap((step) =>
    step.step === 'format-and-partition-disk' ? [...SECRET_STEPS, step, WAIT] : [step],
  ),
};

let wim: string;

beforeAll(async () => {
  ({ wim } = await buildTestMedium(scratch('medium'), {
    sequences: [SEQUENCE],
    options: { copyFirst: true, outputs: STICKS },
  }));
});

describe.each([
  [STICKS[0].usb, 'bios'],
  [STICKS[1].usb, 'uefi'],
] as const)('a stick %s that is copied first, under %s', (image, firmware) => {
  let run: MachineRun;
  let disk: string;
  let before: string[];

  beforeAll(async () => {
    const folder = scratch(image);
    disk = scratch(`${image}.disk`);
    await mkdir(folder, { recursive: true });
    await createDisk(disk, 4 * GIB);
    run = await runToEnd(
      {
        ...{ firmware, folder, medium: { path: scratch('medium', image), as: 'usb', keepWrites: true } },
        disks: [{ path: disk, bus: 'ahci' }],
      },
      async (machine) => {
        before = await pullWhenItMay(machine);
      },
    );
  });

  it('is pulled out when the runtime says that it may be, before the image is applied', () => {
    expect(logsOf(run.events, 'format-and-partition-disk')).toContain(ALL_ON_DISK);
    expect(before.length).toBeLessThanOrEqual(SEQUENCE.steps.indexOf(WAIT));
  });

  it('has deployed the whole image all the same', async () => {
    expect(outcomes(run.events)).toHaveLength(SEQUENCE.steps.length);
    await expectDeployed(disk, run);
    await expectTheImage(wim, disk, await windowsPartition(disk), scratch(image));
  });

  it('leaves a disk that starts, and no secret anywhere', async () => {
    if (firmware === 'uefi') await expectStart(disk, scratch(image, 'start'));
    await expectSecretMasked(run, { folder: scratch(image), disk });
  });
});

it('a stick that is pulled out too early is named, and deploys at the next start', async () => {
  const { iso: stick } = await buildTestMedium(scratch('early'), {
    size: POWER_CUT_IMAGE,
    options: { copyFirst: true, outputs: [{ usb: 'early.img' }] },
  });
  const disk = scratch('early.disk');
  await createDisk(disk, 4 * GIB);
  const machine = {
    ...{ firmware: 'uefi' as const, medium: { path: stick, as: 'usb' as const, keepWrites: true } },
    disks: [{ path: disk, bus: 'ahci' as const }],
  };
  const early = await runToEnd({ ...machine, folder: scratch('early', 'first') }, pullWhileCopying);
  expect(early).toMatchObject({ finished: { outcome: 'failed', action: 'shutdown' }, end: 'guest-shutdown' });
  expect(early.finished.error).toMatch(/was taken out (before everything was copied|too early)/);
  await expectDeployed(disk, await runToEnd({ ...machine, folder: scratch('early', 'again') }));
  await expectStart(disk, scratch('early', 'start'));
});

async function pullWhileCopying(machine: VirtualMachine): Promise<void> {
  await machine.waitForEvent(
    (event) => event.event === 'progress' && event.title === 'Copying the medium onto the disk',
    { seconds: 400 },
  );
  await machine.pullStick();
}

/** The outcomes of the steps that had ended when the stick was out. */
async function pullWhenItMay(machine: VirtualMachine): Promise<string[]> {
  const said: string[] = [];
  machine.onEvent((event) => said.push(...outcomes([event])));
  await machine.waitForEvent((event) => event.event === 'log' && event.message === ALL_ON_DISK, { seconds: 400 });
  await machine.pullStick();
  return [...said];
}
