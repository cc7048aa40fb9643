import { rename, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { APPLIED, openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const NOTE = (text: string) => ({ step: 'run-command-line', command: ['X:\\Windows\\System32\\powercfg.exe', text] });
const PASSWORD = 'correct horse battery';
/** The empty one and not the one that Wine says X: is on. */
const DISK = { minimumSize: '40 GB', maximumSize: '40 GB' };

const sequence = (style: 'gpt' | 'mbr') => ({
  ...{ formatVersion: 2, id: 'it', name: 'It' },
  steps: [
    { step: 'set-variable', variable: 'Colour', value: 'green' },
    { step: 'set-variable', variable: 'Password', value: PASSWORD, secret: true },
    { step: 'format-and-partition-disk', style, disk: DISK },
    NOTE('before'),
    { step: 'restart-computer', target: 'winpe' },
    NOTE('after, %Colour%, %Password%'),
    { step: 'apply-operating-system', image: 'windows' },
  ],
});

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
  // Wine finds no drive that is promised after its start.
  await winpe.wine.promiseDrive('Z');
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

/**
 * What the next start finds: Windows has given the volumes no letters, but for the one with the state, which Wine cannot
 * be asked the place of.
 */
async function restarted(): Promise<void> {
  for (const letter of ['W', 'R']) {
    const drive = await winpe.wine.promiseDrive(letter);
    await rename(drive, `${drive}-without-letter`);
  }
  await winpe.stubs.forget();
}

it.each(['gpt', 'mbr'] as const)('a run on a %s disk goes on behind its restart into WinPE', async (style) => {
  await rm(await winpe.wine.promiseDrive('Z'), { recursive: true, force: true });
  await winpe.begin({ sequences: [sequence(style)] });
  const first = await winpe.run();
  expect(first, await winpe.log()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await winpe.calls()).toContain('powercfg before');
  expect(await winpe.calls()).not.toMatch(/dism|bcdboot|after/);
  expect(await winpe.said('info')).toContainEqual('restart; It goes on in winpe, its state lies on S:\\');

  await restarted();
  await winpe.stubs.plan({ dism: [APPLIED], diskpart: [{ moved: { S: 'Z' }, drives: ['W', 'R'] }] });
  const second = await winpe.run();
  expect(second, await winpe.log()).toMatchObject({ exitCode: 0, stderr: '' });
  const calls = await winpe.calls();
  expect(calls).toContain(`powercfg after, green, ${PASSWORD}`);
  expect(calls).not.toMatch(/clean|create partition|powercfg before/);
  expect(calls).toMatch(/assign letter=Z[\s\S]*dism .*ApplyDir:W:[\s\S]*wpeutil reboot\n$/);
  expect(await winpe.said('error')).toEqual([]);
  expect(await winpe.log()).not.toContain(PASSWORD);
  expect(await winpe.claim()).toBe('');
});
