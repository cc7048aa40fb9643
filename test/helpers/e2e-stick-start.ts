import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { MEDIUM_RESULTS, RunResult } from '../../runtime/contract/results.ts';
import type { MachineRun } from './e2e-machine.ts';
import { DEPLOY } from './e2e-sequences.ts';
import { filesBelow, runFromStick, stickContext } from './e2e-stick.ts';
import { outcomes } from './run.ts';

/** The images of sticks as a project asks for them. */
export const STICKS = [
  { usb: 'fat32-mbr.img', size: '1 GB' },
  { usb: 'exfat-gpt.img', size: '1 GB', layout: 'fat32+exfat', partitionTable: 'gpt' },
] as const;

/** Starts a machine with this firmware from a copy of the image: it deploys, and the stick takes the results. */
export async function expectStickStart(image: string, firmware: Firmware, folder: string): Promise<void> {
  const stick = await copyOfStick(image, join(folder, 'stick.img'));
  const run = await runFromStick(stick, firmware, join(folder, 'machine'));
  await expectDeployment(stick, run);
  expect(run.events.find(({ event }) => event === 'machine-found')).toMatchObject({
    firmware: firmware === 'bios' ? 'bios' : 'uefi',
    secureBoot: firmware === 'secureboot',
  });
}

/** A stick of one's own: what runs leave on it stays on it. */
export async function copyOfStick(image: string, stick: string): Promise<string> {
  await cp(image, stick);
  return stick;
}

/** It has deployed, and the stick has its result and is still whole; files that came on top are the results. */
export async function expectDeployment(stick: string, { events, finished }: MachineRun, runs = 1): Promise<void> {
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
