import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { GIB, runToEnd } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import type { WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { outcomes } from '../helpers/run.ts';

const scratch = useScratchFolder();

const SEQUENCES: WrittenSequence[] = [
  {
    formatVersion: 2,
    id: 'first',
    name: 'Fails once',
    onSuccess: 'shutdown',
    steps: [
      {
        step: 'run-command-line',
        name: 'The flag',
        command: ['sh', '-c', 'test -e /tmp/flag || { touch /tmp/flag; echo no flag; exit 3; }'],
      },
    ],
  },
  {
    formatVersion: 2,
    id: 'second',
    name: 'Fails always',
    onSuccess: 'shutdown',
    steps: [{ step: 'run-command-line', name: 'Never', command: ['false'] }],
  },
];

it('lets a person choose, go back to the menu after a failure, choose again, and retry a step', async () => {
  const folder = scratch('machine');
  await mkdir(folder, { recursive: true });
  const { iso } = await buildTestMedium(scratch('medium'), { sequences: SEQUENCES, unattended: false });
  const disk = join(folder, 'disk.img');
  await createDisk(disk, GIB);
  const questions: string[] = [];
  const run = await runToEnd(
    { firmware: 'uefi', folder, medium: { path: iso, as: 'cdrom' }, disks: [{ path: disk, bus: 'ahci' }] },
    async (machine) => {
      for (const keys of [['2', 'ret'], ['m'], ['1', 'ret'], ['r']]) {
        questions.push(await nextQuestion(machine));
        await machine.sendKeys(...keys);
      }
    },
  );
  expect(questions).toEqual([
    expect.stringContaining('sequence'),
    expect.stringContaining('The task sequence "Fails always" has failed.'),
    expect.stringContaining('sequence'),
    expect.stringContaining('no flag'),
  ]);
  expect(outcomes(run.events)).toEqual(['Never failed', 'The flag failed', 'The flag succeeded']);
  expect(run.finished).toMatchObject({ outcome: 'succeeded', action: 'shutdown' });
});

async function nextQuestion(machine: VirtualMachine): Promise<string> {
  const seen = asked.get(machine) ?? 0;
  let count = 0;
  const question = await machine.waitForEvent((event: RunEvent) => event.event === 'question' && ++count > seen, {
    seconds: 400,
  });
  asked.set(machine, seen + 1);
  return question.event === 'question' ? question.question : '';
}

const asked = new WeakMap<VirtualMachine, number>();
