import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { logsOf } from './e2e-events.ts';
import { GIB, type MachineRun, runToEnd } from './e2e-machine.ts';
import { expectStart } from './e2e-power-cut.ts';
import { IMAGE, type WrittenSequence } from './e2e-sequences.ts';
import { buildTestMedium } from './medium.ts';
import { outcomes } from './run.ts';

const SECRET = 'correct horse battery';
type Style = 'firmware' | 'gpt';

/** Restarts in the middle, with a secret and a variable that must come through. */
const sequence = (style: Style): WrittenSequence => ({
  formatVersion: 2,
  id: 'restart',
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

/** What every such sequence does, whatever the firmwares are with which the machine starts before and after. */
export function restartSuite(
  scratch: (...parts: string[]) => string,
  { title, style, before, after }: { title: string; style: Style; before: Firmware; after: Firmware },
): void {
  describe(`a sequence that restarts in the middle, ${title}`, () => {
    let first: MachineRun;
    let second: MachineRun;
    let disk: string;

    beforeAll(async () => {
      const { iso } = await buildTestMedium(scratch(title, 'medium'), { sequences: [sequence(style)] });
      const folder = scratch(title);
      disk = join(folder, 'disk.img');
      await mkdir(join(folder, 'first'), { recursive: true });
      await mkdir(join(folder, 'second'), { recursive: true });
      await createDisk(disk, 4 * GIB);
      const machine = {
        medium: { path: iso, as: 'cdrom' as const },
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
}
