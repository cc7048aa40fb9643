import { describe, expect, it } from 'vitest';
import { expectDeployed, factoryDisk, prestagedImage, startDisk } from '../helpers/e2e-prestaged.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { IMAGE, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { outcomes } from '../helpers/run.ts';

const scratch = useScratchFolder();

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

describe('a disk that was laid in a factory', () => {
  it.each([
    ['gpt', 'uefi'],
    ['mbr', 'bios'],
  ] as const)('goes on after a restart that its sequence asks for, %s under %s', async (style, firmware) => {
    const disk = await factoryDisk(await prestagedImage(scratch(style), style, RESTARTING), scratch(firmware));
    const before = await startDisk(disk, firmware, scratch(firmware, 'before'));
    expect(before.finished).toMatchObject({ outcome: 'succeeded', continues: 'winpe' });
    const after = await startDisk(disk, firmware, scratch(firmware, 'after'));
    await expectDeployed(disk, after);
    expect(outcomes(after.events)).toEqual([expect.stringMatching(/ succeeded$/)]);
  });
});
