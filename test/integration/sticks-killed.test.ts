import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { asStick, loopStick, resize, SERIAL, scriptedLsblk } from '../contract/usb-devices-loop.ts';
import { cli } from '../helpers/cli.ts';
import { blankStick, folderMedium } from '../helpers/folder-medium.ts';
import {
  CHANGED,
  FILES,
  OTHER_ID,
  restore,
  STARTS_UEFI_ONLY,
  STICK_BYTES,
  stateOf,
  stickContext,
  withStick,
} from '../helpers/small-stick.ts';
import { nvme } from '../unit/builder/usb/listings.ts';

const SIGNALLER = fileURLToPath(new URL('../helpers/signal-at-write.ts', import.meta.url));
const OPTIONS = { layout: 'fat32+exfat', partitionTable: 'gpt' } as const;
/** Each process takes a second; all writes have their turn in sticks-cut. */
const STEP = 6;

// Loop devices need root.
describe.skipIf(process.getuid?.() !== 0)('a stick whose program is ended in the middle', () => {
  it.each([
    ['write', 'SIGKILL', 0, ['none', 'new', 'old']],
    ['write', 'SIGINT', 1, ['none', 'new', 'old']],
    ['update', 'SIGKILL', 2, ['old', 'new', 'does not find its data', STARTS_UEFI_ONLY]],
    ['update', 'SIGINT', 0, ['old', 'new', 'does not find its data', STARTS_UEFI_ONLY]],
  ] as const)(
    'by usb %s and %s, from write %i on, has a whole medium or none',
    async (command, signal, first, allowed) => {
      const loop = await loopStick();
      await resize(loop, STICK_BYTES);
      const { env } = await scriptedLsblk(nvme, asStick(loop, { size: STICK_BYTES }));
      const [old, medium] = [await folderMedium(FILES), await folderMedium(CHANGED, OTHER_ID)];
      const before = await blankStick(STICK_BYTES);
      await withStick(before, (target) => writeSticks(old, [target], OPTIONS, stickContext()));
      const layout =
        command === 'write' ? ['--layout', OPTIONS.layout, '--partition-table', OPTIONS.partitionTable] : [];
      const states: string[] = [];
      for (let write = first; ; write += STEP) {
        await restore(before, loop.image);
        const { exitCode, stdout } = await cli(
          ['usb', command, medium, '--serial', SERIAL, '--yes', ...layout, '--json'],
          {
            env: { ...env, NODE_OPTIONS: `--import=${SIGNALLER}`, SIGNAL_AT_WRITE: `${signal} ${write}` },
          },
        );
        states.push(await stateOf(loop.device));
        if (exitCode === 0) break;
        expect(exitCode, stdout).toBe(signal === 'SIGINT' ? 130 : null);
        if (signal === 'SIGINT') expect(JSON.parse(stdout).error).toMatchObject({ code: 'INTERRUPTED' });
      }
      expect(states.length).toBeGreaterThan(2);
      expect(states.filter((state) => !(allowed as readonly string[]).includes(state))).toEqual([]);
      expect(states.at(-1)).toBe('new');
    },
  );
});
