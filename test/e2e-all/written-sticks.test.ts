import { beforeAll, describe, expect, it } from 'vitest';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { DEPLOY, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { runFromStick, stickContext, withStick } from '../helpers/e2e-stick.ts';
import { copyOfStick, expectDeployment, STICKS } from '../helpers/e2e-stick-start.ts';
import { blankStick } from '../helpers/folder-medium.ts';
import { buildTestMedium } from '../helpers/medium.ts';

const GB = 1e9;

const CHANGED: WrittenSequence = {
  ...DEPLOY,
  steps: [...DEPLOY.steps.slice(0, -1), { step: 'run-command-line', name: 'Say it', command: ['echo', 'changed'] }],
};

const scratch = useScratchFolder();
let iso: string;
/** The same medium with another sequence. */
let changed: string;

beforeAll(async () => {
  ({ iso } = await buildTestMedium(scratch('medium'), { options: { outputs: [{ iso: 'medium.iso' }, ...STICKS] } }));
  ({ iso: changed } = await buildTestMedium(scratch('changed'), { sequences: [CHANGED] }));
});

describe('a stick that was used', () => {
  it.each([
    [STICKS[0].usb, 'bios'],
    [STICKS[1].usb, 'secureboot'],
  ] as const)('%s starts with the new sequence under %s after an update', async (image, firmware) => {
    const stick = await copyOfStick(scratch('medium', image), scratch('used.img'));
    await expectDeployment(stick, await runFromStick(stick, firmware, scratch(image, 'before')));
    const [updated] = await withStick(stick, (target) => updateSticks(changed, [target], stickContext()));
    expect(updated?.bytesWritten).toBeLessThan(5_000_000);
    const run = await runFromStick(stick, firmware, scratch(image, 'after'));
    await expectDeployment(stick, run, 2);
    expect(logsOf(run.events, 'run-command-line')).toContain('changed');
  });
});

it('a stick made of an ISO starts as well', async () => {
  const stick = await blankStick(GB);
  const options = { layout: 'fat32+exfat', partitionTable: 'mbr' } as const;
  await withStick(stick, (target) => writeSticks(iso, [target], options, stickContext()));
  await expectDeployment(stick, await runFromStick(stick, 'bios', scratch('from-iso')));
});
