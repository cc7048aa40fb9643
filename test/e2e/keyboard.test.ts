import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import { GIB, runToEnd } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import type { WrittenSequence } from '../helpers/e2e-sequences.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { outcomes } from '../helpers/run.ts';

const scratch = useScratchFolder();

/** The keys as QEMU names them: by what an American keyboard has printed on them. */
const PASSWORD_KEYS = ['y', 'bracket_left', 'g', 'i', 'g', 'spc', 'shift-s', 't', 'r', 'a', 'minus', 'equal', 'e'];
const PASSWORD = 'zügig Straßé€';

const SEQUENCE: WrittenSequence = {
  formatVersion: 2,
  id: 'check',
  name: 'Größe prüfen',
  onSuccess: 'shutdown',
  onFailure: 'shutdown',
  steps: [
    {
      step: 'run-command-line',
      name: 'Typed',
      command: ['sh', '-c', 'test "$0" = "Lübeck" || { echo "typed: $0"; exit 3; }', '%Site%'],
    },
  ],
};

it('a medium with a German keyboard is opened by a German password, and takes a letter back as one', async () => {
  const folder = scratch('machine');
  const project = scratch('medium');
  await Promise.all([folder, project].map((path) => mkdir(path, { recursive: true })));
  await writeFile(join(project, 'password.txt'), `${PASSWORD}\n`);
  const { iso } = await buildTestMedium(project, {
    sequences: [SEQUENCE],
    unattended: false,
    options: { keyboardLayout: 'de-DE', password: { file: 'password.txt' }, variables: [{ name: 'Site' }] },
  });
  const disk = join(folder, 'disk.img');
  await createDisk(disk, GIB);
  const run = await runToEnd(
    { firmware: 'uefi', folder, medium: { path: iso, as: 'cdrom' }, disks: [{ path: disk, bus: 'ahci' }] },
    async (machine) => {
      const asked = (words: RegExp) =>
        machine.waitForEvent((event) => event.event === 'question' && words.test(event.question), { seconds: 400 });
      await asked(/Password/);
      await machine.sendKeys(...PASSWORD_KEYS, 'alt_r-e', 'ret');
      await asked(/Site/);
      await machine.sendKeys('shift-l', 'bracket_left', 'minus', 'backspace', 'b', 'e', 'c', 'k', 'ret');
    },
  );
  expect(outcomes(run.events)).toEqual(['Typed succeeded']);
  expect(run.finished).toMatchObject({ outcome: 'succeeded', action: 'shutdown' });
});
