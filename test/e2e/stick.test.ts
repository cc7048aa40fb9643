import { cp } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { MEDIUM_RESULTS, RunResult } from '../../runtime/contract/results.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import type { MachineRun } from '../helpers/e2e-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { DEPLOY, type WrittenSequence } from '../helpers/e2e-sequences.ts';
import { filesBelow, runFromStick, stickContext, withStick } from '../helpers/e2e-stick.ts';
import { blankStick } from '../helpers/folder-medium.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { outcomes } from '../helpers/run.ts';

const GB = 1e9;
const STICKS = [
  { usb: 'fat32-mbr.img', size: '1 GB' },
  { usb: 'exfat-gpt.img', size: '1 GB', layout: 'fat32+exfat', partitionTable: 'gpt' },
] as const;

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

/** A stick of one's own: what runs leave on it stays on it. */
async function stickLike(image: string, name: string): Promise<string> {
  const stick = scratch(name);
  await cp(scratch('medium', image), stick);
  return stick;
}

/** It has deployed, and the stick has its result and is still whole; files that came on top are the results. */
async function expectDeployment(stick: string, { events, finished }: MachineRun, runs = 1): Promise<void> {
  expect(finished).toMatchObject({ outcome: 'succeeded', action: 'restart' });
  expect(outcomes(events)).toHaveLength(DEPLOY.steps.length);
  const results = await filesBelow(stick, MEDIUM_RESULTS);
  const documents = [...results].filter(([path]) => path.endsWith('/result.json'));
  expect(documents).toHaveLength(runs);
  for (const [, content] of documents)
    expect(RunResult.parse(JSON.parse(String(content)))).toMatchObject({ outcome: 'succeeded' });
  const { bad, passed, extra } = await verifyMedium(stick, stickContext());
  expect(bad).toEqual([]);
  expect(passed).toBe(true);
  expect(extra.sort()).toEqual([...results.keys()].sort());
}

describe.each<[string, Firmware[]]>([
  [STICKS[0].usb, ['bios', 'uefi', 'secureboot']],
  [STICKS[1].usb, ['bios', 'secureboot']],
])('the image of a stick, %s', (image, firmwares) => {
  it.each(firmwares)('starts under %s, deploys, and takes the results', async (firmware) => {
    const stick = await stickLike(image, `${firmware}.img`);
    const run = await runFromStick(stick, firmware, scratch(image, firmware));
    await expectDeployment(stick, run);
    expect(run.events.find(({ event }) => event === 'machine-found')).toMatchObject({
      firmware: firmware === 'bios' ? 'bios' : 'uefi',
      secureBoot: firmware === 'secureboot',
    });
  });
});

describe('a stick that was used', () => {
  it.each([
    [STICKS[0].usb, 'bios'],
    [STICKS[1].usb, 'secureboot'],
  ] as const)('%s starts with the new sequence under %s after an update', async (image, firmware) => {
    const stick = await stickLike(image, 'used.img');
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
