import type { FileHandle } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { StickLayout } from '../../builder/config/schema.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { blankStick, folderMedium } from '../helpers/folder-medium.ts';
import {
  CHANGED,
  FILES,
  LAYOUTS,
  OTHER_ID,
  restore,
  STARTS_UEFI_ONLY,
  STICK_BYTES,
  stateOf,
  stickContext,
  withStick,
} from '../helpers/small-stick.ts';
import { cutAfter, powerCutAfter, seeded } from '../helpers/stick-devices.ts';

/** What the cuts do to a table is the same with all volumes. */
const CUT_LAYOUTS = LAYOUTS.filter(([layout, table]) => (layout === 'fat32') === (table === 'mbr'));

type Device = (handle: FileHandle) => FileHandle;

const CUTS: [string, (writes: number) => Device][] = [
  ['that leaves what was written', cutAfter],
  ['of the power, which leaves some of what was on its way', (writes) => powerCutAfter(writes, seeded(writes))],
];

/** The layout that is updated may name the other medium on the volume that is started: that one is then not found. */
const allowed = (layout: StickLayout): string[] => [
  ...['old', 'new', 'none', STARTS_UEFI_ONLY],
  ...(layout === 'fat32' ? [] : ['does not find its data']),
];

describe.each(CUT_LAYOUTS)('on a stick with %s and %s', (layout, partitionTable) => {
  describe.each(CUTS)('a cut %s', (_, cut) => {
    /** Every state a stick with the old medium is in when the work on it is cut at any of its writes. */
    async function statesOf(
      work: (medium: string, stick: string, device: Device) => Promise<unknown>,
    ): Promise<Set<string>> {
      const [old, medium] = [await folderMedium(FILES), await folderMedium(CHANGED, OTHER_ID)];
      const [before, stick] = [await blankStick(STICK_BYTES), await blankStick(STICK_BYTES)];
      const options = { layout, partitionTable };
      await withStick(
        before,
        (target) => writeSticks(old, [target], options, stickContext()),
        cutAfter(Number.MAX_VALUE),
      );
      const states = new Set<string>();
      for (let writes = 0; ; writes++) {
        await restore(before, stick);
        const done = await work(medium, stick, cut(writes)).then(
          () => true,
          (error) => {
            expect(error).toMatchObject({ code: 'DEVICE_FAILED' });
            return false;
          },
        );
        states.add(await stateOf(stick));
        if (done) return states;
      }
    }

    it('of an update leaves the old medium, the new one, or one that starts nothing', async () => {
      const states = await statesOf((medium, stick, device) =>
        withStick(stick, (target) => updateSticks(medium, [target], stickContext()), device),
      );
      expect([...states].filter((state) => !allowed(layout).includes(state))).toEqual([]);
      expect([...states]).toEqual(expect.arrayContaining(['old', 'new']));
    });

    it('of writing it anew leaves the old medium, none, or the new one', async () => {
      const options = { layout, partitionTable };
      const states = await statesOf((medium, stick, device) =>
        withStick(stick, (target) => writeSticks(medium, [target], options, stickContext()), device),
      );
      expect([...states].filter((state) => !['old', 'none', 'new'].includes(state))).toEqual([]);
      expect([...states]).toEqual(expect.arrayContaining(['none', 'new']));
    });
  });
});
