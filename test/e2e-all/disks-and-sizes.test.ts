import { beforeAll, describe, expect, it } from 'vitest';
import { runBootTest } from '../../builder/boot-test/boot-test.ts';
import { bootDisk } from '../../builder/boot-test/disk-boot.ts';
import type { DiskBus } from '../../builder/boot-test/machine.ts';
import { FULL_SIZE } from '../../builder/demo/image-plan.ts';
import { standInText } from '../../builder/demo/stand-in-text.ts';
import { expectTheImage } from '../helpers/e2e-deployed-windows.ts';
import { readTable } from '../helpers/e2e-disk.ts';
import { GIB, MEMORY_MIB } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();

describe('a disk that is attached as', () => {
  let iso: string;
  beforeAll(async () => {
    ({ iso } = await buildTestMedium(scratch('medium')));
  });

  it.each([
    ['nvme', 'bios', 'bootmgr'],
    ['virtio', 'uefi', 'bootmgfw.efi'],
    ['scsi', 'bios', 'bootmgr'],
  ] as const)('%s is deployed under %s and starts', async (diskBus, firmware, loader) => {
    const { disk } = await deploy({ iso, diskBus, firmware, name: diskBus });
    const start = await bootDisk({
      ...{ disk, diskBus, firmware, memoryMiB: MEMORY_MIB, folder: scratch(diskBus, 'start'), seconds: 120 },
      expectLine: new RegExp(RegExp.escape(standInText(loader))),
    });
    expect(start.failure, start.lastLines.join('\n')).toBeUndefined();
  });
});

describe('an image of the full size of the demo', () => {
  it('is deployed as it was, with the same memory', async () => {
    const { iso, wim } = await buildTestMedium(scratch('full-medium'), { size: FULL_SIZE });
    const { disk } = await deploy({ iso, diskBus: 'ahci', firmware: 'secureboot', name: 'full' });
    const windows = (await readTable(disk)).partitions[2];
    if (windows === undefined) throw new Error('the disk has no third partition');
    await expectTheImage(wim, disk, windows, scratch('full'));
  });
});

async function deploy(wish: { iso: string; diskBus: DiskBus; firmware: 'uefi' | 'secureboot' | 'bios'; name: string }) {
  const { iso, diskBus, firmware, name } = wish;
  const result = await runBootTest({
    ...{ medium: iso, firmware, as: 'cdrom' as const, diskBus, memoryMiB: MEMORY_MIB, diskBytes: 4 * GIB },
    ...{ folder: scratch(name), keepDisk: true },
  });
  expect(result.failure, result.lastLines.join('\n')).toBeUndefined();
  return result;
}
