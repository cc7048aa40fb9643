import { afterAll, beforeAll, expect, it } from 'vitest';
import { PACKAGE } from '../helpers/fake-medium.ts';
import { type InstalledWindows, openWindows, WINDOWS } from '../helpers/wine-windows.ts';

const NOTE = (text: string) => ({ step: 'run-command-line', command: [`${WINDOWS}\\System32\\note.exe`, text] });
const BOOT = ['EFI/BOOT/BOOTX64.EFI', 'EFI/BOOT/grubx64.efi', 'EFI/BOOT/mmx64.efi', 'boot/vmlinuz', 'boot/initrd.img'];
const RESTART = { step: 'restart-computer', target: 'winpe' };

let windows: InstalledWindows;
beforeAll(async () => {
  windows = await openWindows();
});
afterAll(() => windows?.[Symbol.asyncDispose]());

/** Wine's machine has no UEFI. */
async function run(restart: object): Promise<number> {
  const steps = [NOTE('in Windows'), restart, { ...NOTE('in Linux'), runIn: 'winpe' }];
  const sequence = {
    formatVersion: 2,
    id: 'it',
    name: 'It',
    startsIn: 'full-os',
    onSuccess: 'shell',
    onFailure: 'shell',
    steps,
  };
  const contents = Object.fromEntries(BOOT.map((path) => [path, Buffer.from(path)]));
  await windows.insert({ sequences: [sequence], packages: [PACKAGE], bootEnvironment: 'linux', contents });
  return (await windows.run('run')).exitCode;
}

it('without UEFI a sequence that restarts into Linux does not begin', async () => {
  expect(await run(RESTART)).toBe(5);
  expect(await windows.calls()).toBe('\n');
  expect(await windows.said('info')).toContainEqual(expect.stringContaining('It'));
  expect(await windows.files('_SMSTaskSequence')).toEqual([]);
});

it('one that may pass the restart over begins, and fails when it comes to it', async () => {
  expect(await run({ ...RESTART, condition: { variable: 'Wanted', value: 'yes' } })).toBe(0);
  expect(await windows.calls()).toBe('note in Windows\n');
  expect(await run({ ...RESTART, condition: { variable: 'Wanted', operator: 'notExists' } })).toBe(5);
  expect(await windows.calls()).toContain('note in Windows\n');
  expect(await windows.calls()).not.toContain('bcdedit');
  expect((await windows.said('error')).join('\n')).toContain('a computer with BIOS cannot be restarted from Windows');
  expect(await windows.files('_SMSTaskSequence')).not.toContain('journal');
});
