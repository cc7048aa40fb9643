import { expect, it } from 'vitest';
import { winpePlatform } from '../../../../../runtime/platform/winpe/index.ts';
import { prepareMachine, readStart } from '../../../../../runtime/platform/winpe/start.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { winpeHost } from '../../../../helpers/winpe-host.ts';

const START = {
  formatVersion: 1 as const,
  bootImage: '3b241101-e2bb-4255-8caf-4136c566a962',
  commandPrompt: true,
  drivers: ['drivers/nic', 'drivers/nothing'],
};
const ID = '0f2c8a52-6c86-4d0b-9f3b-3a6f3a0c5e11';
const SYSTEM = 'X:\\Windows\\System32';

it('makes the machine ready, and goes on after what fails', async () => {
  const host = await winpeHost({
    drvload: (line) => ({ exitCode: line.endsWith('bad.inf') ? 2 : 0 }),
    wpeutil: (line) => ({ exitCode: line.includes('Keyboard') ? 87 : 0 }),
  });
  await writeFiles(host.startFolder, {
    'drivers/nic/z/good.INF': '',
    'drivers/nic/a/bad.inf': '',
    'drivers/nic/a/bad.sys': '',
    'drivers/other/not-asked.inf': '',
  });
  await prepareMachine(host, { ...START, keyboardLayout: '0407:00000407' });
  expect(host.lines.map((line) => line.replaceAll(host.startFolder, '~'))).toEqual([
    `${SYSTEM}\\wpeutil.exe SetKeyboardLayout 0407:00000407`,
    `${SYSTEM}\\wpeutil.exe UpdateBootInfo`,
    `${SYSTEM}\\drvload.exe ~/drivers/nic/a/bad.inf`,
    `${SYSTEM}\\drvload.exe ~/drivers/nic/z/good.INF`,
  ]);
  expect(host.messages.map((line) => line.replaceAll(host.startFolder, '~'))).toEqual([
    'warning: the keyboard layout could not be set: wpeutil ended with 87 (0x57), it does not know one of its options',
    'warning: the driver ~/drivers/nic/a/bad.inf could not be loaded: drvload ended with 2 (0x2), a file it needs was not found',
    'info: driver loaded: ~/drivers/nic/z/good.INF',
  ]);
});

it.each([
  ['without the file', undefined],
  ['with a damaged one', '{'],
  ['with one of a later format', JSON.stringify({ ...START, formatVersion: 2 })],
])('says that the boot image belongs to no medium %s', async (_, text) => {
  const { startFolder } = await winpeHost();
  if (text !== undefined) await writeFiles(startFolder, { 'medium.json': text });
  expect(() => readStart(startFolder)).toThrow(expect.objectContaining({ code: 'MEDIUM_NOT_FOUND' }));
});

it.each([true, false])('offers a command prompt as the medium says: %s', async (commandPrompt) => {
  const host = await winpeHost();
  await writeFiles(host.startFolder, { 'medium.json': JSON.stringify({ ...START, commandPrompt }) });
  const platform = await winpePlatform(host);
  expect(platform.openCommandPrompt).toBeUndefined();
  await platform.prepare(() => undefined);
  const manifest = JSON.stringify({ id: ID, bootImage: START.bootImage }, null, 1);
  host.windows.drives = { D: { type: 'cdrom' } };
  await writeFiles(host.drive('D'), { 'mediasmith/manifest.json': manifest });
  expect(await platform.bootOptions()).toEqual({ mediumId: ID, sequenceId: undefined });
  await platform.openCommandPrompt?.();
  expect(host.windows.consoles).toEqual(commandPrompt ? [`${SYSTEM}\\cmd.exe`] : []);
});

it.each([
  ['restart', 0, [`${SYSTEM}\\wpeutil.exe reboot`]],
  ['shutdown', 0, [`${SYSTEM}\\wpeutil.exe shutdown`]],
  ['shell', 1, []],
] as const)('leaves by %s', async (action, exitCode, lines) => {
  const host = await winpeHost();
  expect(await (await winpePlatform(host)).leave(action)).toBe(exitCode);
  expect(host.lines).toEqual(lines);
});

it('leaves to the recovery console when the machine cannot be restarted', async () => {
  const host = await winpeHost({ wpeutil: () => ({ exitCode: 5 }) });
  expect(await (await winpePlatform(host)).leave('restart')).toBe(1);
});
