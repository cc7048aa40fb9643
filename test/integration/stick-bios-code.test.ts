import { open } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { coreSector } from '../../builder/stick/plan-stick.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { blankStick, folderMedium } from '../helpers/folder-medium.ts';
import { FILES, STICK_BYTES, stickContext, withStick } from '../helpers/small-stick.ts';

async function change(stick: string, offset: number): Promise<void> {
  await using file = await open(stick, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, offset);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, offset);
}

it.each([
  ['mbr', 'the first sector', 3, 'first sector of the stick'],
  ['mbr', "GRUB's core", 20 * 512, 'gap before the first volume'],
  ['gpt', "GRUB's core", coreSector('gpt') * 512 + 700, 'gap before the first volume'],
] as const)('on a stick with %s a byte of %s that has changed is found', async (partitionTable, _, offset, path) => {
  const stick = await blankStick(STICK_BYTES);
  const options = { layout: 'fat32', partitionTable } as const;
  const medium = await folderMedium(FILES);
  await withStick(stick, (target) => writeSticks(medium, [target], options, stickContext()));
  expect(await verifyMedium(stick, stickContext())).toMatchObject({ passed: true, bad: [] });
  await change(stick, offset);
  expect(await verifyMedium(stick, stickContext())).toMatchObject({ passed: false, bad: [{ path }] });
});
