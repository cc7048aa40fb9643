import { expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { GIB, MEMORY_MIB } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import type { WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();

const SEQUENCES = ['First', 'Second'].map(
  (name): WrittenSequence => ({
    formatVersion: 2,
    id: name.toLowerCase(),
    name: `${name} of the menu`,
    onSuccess: 'shell',
    steps: [{ step: 'run-command-line', name: `Step of the ${name}`, command: ['true'] }],
  }),
);

it('starts the entry that is taken from the boot menu, and ends in a shell that answers', async () => {
  const { iso } = await buildTestMedium(scratch('medium'), { sequences: SEQUENCES, unattended: false });
  const disk = scratch('disk.img');
  await createDisk(disk, GIB);
  await using machine = await VirtualMachine.start({
    ...{ firmware: 'bios', folder: scratch('machine'), memoryMiB: MEMORY_MIB },
    ...{ medium: { path: iso, as: 'cdrom' }, disks: [{ path: disk, bus: 'ahci' }] },
  });
  await machine.waitForLine(/Second of the menu/, { seconds: 60 });
  // The first entry lets the runtime ask. GRUB marks the highlighted one with a star.
  for (const name of ['First', 'Second']) {
    await machine.sendKeys('down');
    await machine.waitForLine(new RegExp(`\\*${name} of the menu`), { seconds: 30 });
  }
  await machine.sendKeys('ret');
  await machine.waitForLine(/Mediasmith: starting Second of the menu/, { seconds: 60 });
  const step = await machine.waitForEvent(({ event }) => event === 'step-started', { seconds: 300 });
  expect(step).toMatchObject({ name: 'Step of the Second' });
  const finished = await machine.waitForEvent(({ event }) => event === 'finished', { seconds: 300 });
  expect(finished).toMatchObject({ outcome: 'succeeded', action: 'shell' });
  await machine.waitForLine(/This is a shell/, { seconds: 60 });
  // It lies on the screen, so what it answers is sent to the serial port: echo alive>/dev/ttyS0
  await machine.sendKeys(
    ...'echo',
    'spc',
    ...'alive',
    'shift-dot',
    'slash',
    ...'dev',
    'slash',
    ...'tty',
    'shift-s',
    '0',
    'ret',
  );
  expect(await machine.waitForLine(/^alive$/, { seconds: 60 })).toBe('alive');
  await machine.sendKeys(...'exit', 'ret');
  expect((await machine.exited).reason).toBe('guest-reset');
});
