import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { exec } from '../../runtime/host/exec.ts';
import { type DiskTable, readTable, withPartition } from '../helpers/e2e-disk.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { GIB, type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { expectStart } from '../helpers/e2e-power-cut.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { DRIVER_PACKAGE, IMAGE, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();
const LARGE = 'large';
const LARGE_BYTES = 110_000_000;
const QUESTION_SECONDS = 300;

/** Takes the image from the first disc and a package from the second. */
const SEQUENCE: WrittenSequence = {
  formatVersion: 2,
  id: 'set',
  name: 'Deploy from a set',
  onFailure: 'shutdown',
  steps: [
    { step: 'format-and-partition-disk' },
    { step: 'apply-operating-system', image: IMAGE },
    { step: 'stage-content', packages: [LARGE], destination: 'Staged' },
  ],
};

let run: MachineRun;
let disk: string;
let table: DiskTable;
const questions: string[] = [];

beforeAll(async () => {
  const folder = scratch('medium');
  await mkdir(join(folder, LARGE), { recursive: true });
  await writeFile(join(folder, LARGE, 'large.bin'), randomBytes(LARGE_BYTES));
  const { iso } = await buildTestMedium(folder, {
    sequences: [SEQUENCE],
    unattended: false,
    options: {
      label: 'BRANCH',
      packages: [DRIVER_PACKAGE, LARGE].map((name) => ({ name, source: name })),
      outputs: [{ iso: 'set.iso', mediaSize: '150 MB' }],
    },
  });
  expect(iso).toBe(join(folder, 'set-1.iso'));
  const second = join(folder, 'set-2.iso');
  expect((await stat(second)).size).toBeLessThanOrEqual(150_000_000);
  disk = scratch('disk.img');
  await createDisk(disk, 4 * GIB);
  const hardware = { medium: { path: iso, as: 'cdrom' as const }, disks: [{ path: disk, bus: 'ahci' as const }] };
  run = await runToEnd({ ...hardware, firmware: 'uefi', folder: scratch('machine') }, (machine) =>
    change(machine, second),
  );
  table = await readTable(disk);
});

/** First presses Enter without changing anything, as people do. */
async function change(machine: VirtualMachine, second: string): Promise<void> {
  await nextQuestion(machine);
  await machine.sendKeys('ret');
  await nextQuestion(machine);
  await machine.changeDisc(second);
  await machine.sendKeys('ret');
}

async function nextQuestion(machine: VirtualMachine): Promise<void> {
  const before = questions.length;
  let seen = 0;
  await machine.waitForEvent(
    (event) => {
      if (event.event !== 'question') return false;
      seen += 1;
      if (seen <= before) return false;
      questions.push(event.question);
      return true;
    },
    { seconds: QUESTION_SECONDS },
  );
}

describe('a set of two discs in a machine with one drive', () => {
  it('asks for the second disc, and again where the first is still there', () => {
    expect(questions).toEqual([
      expect.stringContaining('Put in disc 2 of 2: BRANCH_2'),
      expect.stringMatching(/disc 1 of this set\n.*Put in disc 2 of 2: BRANCH_2/s),
    ]);
    expect(logsOf(run.events, 'format-and-partition-disk')).toContain(
      'everything is on the disk: the disc may be taken out',
    );
  });

  it('deploys a disk that starts', async () => {
    expect(run.finished.error).toBeUndefined();
    expect(run.finished).toMatchObject({ outcome: 'succeeded', action: 'restart' });
    await expectStart(disk, scratch('deployed'));
  });

  it('leaves the partitions any other medium would, the Windows volume with all of its own', async () => {
    expect(table.partitions.map(({ name }) => name)).toEqual(['System', 'MSR', 'Windows', 'Recovery']);
    const [, , windows] = table.partitions;
    if (windows === undefined) throw new Error('no Windows partition');
    const facts = await withPartition(disk, windows, async (device) => (await exec(['ntfsinfo', '-m', device])).stdout);
    const clusters = Number(/Volume Size in Clusters: (\d+)/.exec(facts)?.[1]);
    expect(clusters).toBe(Math.floor((windows.size - 1) / 8));
    expect(facts).toMatch(/Volume Flags: 0x0000/);
    const staged = await withPartition(
      disk,
      windows,
      async (device) => (await exec(['ntfsls', '-l', '-p', 'Staged/large', device])).stdout,
    );
    expect(staged).toContain(String(LARGE_BYTES));
    expect((await readFile(scratch('medium', LARGE, 'large.bin'))).length).toBe(LARGE_BYTES);
  });
});
