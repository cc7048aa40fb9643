import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEDIUM_ID } from '../helpers/fake-medium.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { APPLIED, openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const EXIT_SHELL = 1;
const FORMAT = { step: 'format-and-partition-disk', style: 'gpt' };
const APPLY = { step: 'apply-operating-system', image: 'windows' };
const RESTART = { step: 'restart-computer' };

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

describe('the end', () => {
  it.each([
    ['restart', 'reboot'],
    ['shutdown', 'shutdown'],
  ] as const)('is a %s after a failure where the sequence says so, and the disk starts nothing', async (end, word) => {
    expect(await winpe.runSteps([FORMAT, APPLY], { plan: { dism: { exitCode: 5 } }, onFailure: end })).toBe(0);
    const calls = await winpe.calls();
    expect(calls).toMatch(new RegExp(`dism .*\\nwpeutil ${word}\\n$`));
    expect(calls).not.toContain('bcdboot');
    expect(await winpe.claim()).toContain(MEDIUM_ID);
  });
});

describe('a program that is missing', () => {
  it.each([
    ['diskpart', 'could not be cleaned'],
    ['dism', 'the image could not be applied to Windows (W:\\)'],
    ['bcdboot', 'the boot files could not be written'],
  ])('%s', async (tool, failure) => {
    await without([tool], async () => {
      expect(await winpe.runSteps([FORMAT, APPLY, RESTART])).toBe(EXIT_SHELL);
    });
    const errors = (await winpe.said('error')).join('\n');
    expect(errors).toContain(`${failure}: there is no ${tool}.exe that starts`);
    expect(errors).toContain('Build the medium from a boot.wim that has it');
    expect(await winpe.calls()).not.toMatch(/bcdboot|bcdedit|reboot/);
    expect((await winpe.claim()).includes(MEDIUM_ID)).toBe(tool !== 'diskpart');
  });

  it.each(['gpt', 'mbr'])('and can be done without, for a disk that becomes %s', async (style) => {
    const steps = [{ ...FORMAT, style }, APPLY, RESTART];
    const plan = { dism: [{ ...APPLIED, programs: [] }] };
    await writeFiles(winpe.boot, { 'mediasmith/drivers-without/nic.inf': '' });
    const start = { drivers: ['drivers-without'] };
    await without(['bcdedit', 'bootsect', 'drvload', 'powercfg', 'wpeutil'], async () => {
      expect(await winpe.runSteps(steps, { plan, start })).toBe(EXIT_SHELL);
    });
    const warnings = (await winpe.said('warning')).join('\n').concat('\n');
    await expect(warnings).toMatchFileSnapshot(`golden/failures/missing-${style}.txt`);
    expect(await winpe.calls()).not.toMatch(/^(bcdedit|bootsect|drvload|powercfg|wpeutil)/m);
    expect(await winpe.claim()).toBe('');
  });
});

/** Does something in a WinPE that lacks some programs. */
async function without(tools: readonly string[], deed: () => Promise<void>): Promise<void> {
  const file = (name: string) => join(winpe.boot, 'Windows/System32', name);
  const move = (from: string, to: string) =>
    Promise.all(tools.map((tool) => rename(file(tool + from), file(tool + to))));
  await move('.exe', '.away');
  try {
    await deed();
  } finally {
    await move('.away', '.exe');
  }
}
