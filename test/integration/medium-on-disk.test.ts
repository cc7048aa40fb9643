import { expect, it } from 'vitest';
import { withMedia } from '../../builder/inspect/medium-on-disk.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { blankStick, folderMedium, MEDIUM_ID } from '../helpers/folder-medium.ts';
import { FILES, LAYOUTS, STICK_BYTES, stickContext, withStick } from '../helpers/small-stick.ts';
import { devicesOf, nvme, stick } from '../unit/builder/usb/listings.ts';

it.each(LAYOUTS)('a stick with a medium says which one it is: %s, %s', async (layout, partitionTable) => {
  const image = await blankStick(STICK_BYTES);
  const options = { layout, partitionTable } as const;
  await withStick(image, async (target) => writeSticks(await folderMedium(FILES), [target], options, stickContext()));
  const [device] = await withMedia(devicesOf([stick('sdb', { path: image })]), stickContext());
  expect(device).toMatchObject({
    device: image,
    medium: { id: MEDIUM_ID, name: expect.any(String), builtBy: 'test' },
  });
});

it('says null of a stick with something else, and nothing of what cannot be read or is no stick', async () => {
  const image = await blankStick(STICK_BYTES);
  const devices = devicesOf([stick('sdb', { path: image }), stick('sdc', { path: '/nowhere' }), nvme]);
  const found = await withMedia(devices, stickContext());
  expect(found.map(({ medium }) => medium)).toEqual([null, undefined, undefined]);
});
