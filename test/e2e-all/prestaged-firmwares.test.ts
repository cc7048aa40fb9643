import { describe, expect, it } from 'vitest';
import { readTable } from '../helpers/e2e-disk.ts';
import { expectDeployed, expectFirstStart, factoryDisk, prestagedImage, startDisk } from '../helpers/e2e-prestaged.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();

describe('a disk that was laid in a factory', () => {
  it('deploys itself at its first start under secureboot', async () => {
    await expectFirstStart(await prestagedImage(scratch('gpt'), 'gpt'), 'secureboot', scratch('secureboot'));
  });

  it('deploys itself at its first start under bios', async () => {
    const disk = await factoryDisk(await prestagedImage(scratch('mbr'), 'mbr'), scratch('bios'));
    await expectDeployed(disk, await startDisk(disk, 'bios', scratch('bios', 'start')));
    expect((await readTable(disk)).partitions).toHaveLength(3);
  });
});
