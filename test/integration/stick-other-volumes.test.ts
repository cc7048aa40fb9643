import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { planStick } from '../../builder/stick/plan-stick.ts';
import { stickIdentity } from '../../builder/stick/stick-identity.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { exec } from '../../runtime/host/exec.ts';
import { blankStick, folderMedium, MEDIUM_ID } from '../helpers/folder-medium.ts';
import { CHANGED, FILES, OTHER_ID, STICK_BYTES, stickContext, withStick } from '../helpers/small-stick.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;

it("leaves a person's own partition behind the medium alone, whatever is on it", async () => {
  const stick = await blankStick(STICK_BYTES);
  await withStick(stick, async (target) =>
    writeSticks(await folderMedium(FILES), [target], { layout: 'fat32' }, stickContext()),
  );
  const own = { start: STICK_BYTES, bytes: 64 * MIB };
  await exec(['truncate', '--size', String(own.start + own.bytes), stick]);
  const line = `start=${own.start / 512}, size=${own.bytes / 512}, type=c\n`;
  await exec(['sfdisk', '--append', '--no-reread', '--no-tell-kernel', stick], { input: line });
  const volume = join(await temporaryFolder(), 'own.img');
  await exec(['mkfs.fat', '-C', '-F', '32', volume, String(own.bytes / 1024)]);
  await exec(['dd', `if=${volume}`, `of=${stick}`, 'bs=1M', `seek=${own.start / MIB}`, 'conv=notrunc', 'status=none']);
  const medium = await folderMedium(CHANGED, OTHER_ID);
  await withStick(stick, (target) => updateSticks(medium, [target], stickContext()));
  expect(await verifyMedium(stick, stickContext())).toMatchObject({ passed: true, extra: [] });
  await exec(['cmp', `--ignore-initial=0:${own.start}`, `--bytes=${own.bytes}`, volume, stick]);
  await using file = await open(stick, 'r+');
  await file.write(Buffer.alloc(4096, 0xff), 0, 4096, own.start + 32 * 512);
  expect(await verifyMedium(stick, stickContext())).toMatchObject({ passed: true });
});

it('a stick over 2 TiB keeps its volumes where a master boot record can say them', () => {
  const files = [
    { path: 'EFI/BOOT/BOOTX64.EFI', bytes: 1000 },
    { path: 'mediasmith/manifest.json', bytes: 1000 },
  ];
  const identity = stickIdentity(MEDIUM_ID);
  for (const layout of ['fat32', 'fat32+exfat'] as const) {
    const wishes = { layout, partitionTable: 'mbr', label: 'TEST', identity, bytes: 3e12 } as const;
    const { partitions } = planStick(files, wishes);
    expect(partitions.every(({ start, sectors }) => start + sectors < 2 ** 32)).toBe(true);
  }
});
