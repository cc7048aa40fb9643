import { expect, it } from 'vitest';
import { arrangeRestart } from '../../../../../runtime/platform/winpe/restart.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { winpeHost } from '../../../../helpers/winpe-host.ts';

const WARNING = 'warning: the firmware does not take what to start next';

it.each([
  ['has UEFI firmware start the medium once more', 'winpe', 'uefi', true, ['BootNext 0500'], []],
  ['says when the firmware does not listen', 'winpe', 'uefi', false, ['BootNext 0500'], [WARNING]],
  ['needs nothing on BIOS', 'winpe', 'bios', true, [], []],
  ['needs nothing into Windows', 'full-os', 'uefi', true, [], []],
] as const)('%s', async (_, into, firmware, taken, expected, messages) => {
  const written: string[] = [];
  const host = await winpeHost(
    {},
    {
      firmwareType: () => firmware,
      firmwareVariable: () => Buffer.from([5, 0]),
      setFirmwareVariable: (name, _guid, value) => {
        written.push(`${name} ${Buffer.from(value).toString('hex')}`);
        return taken;
      },
    },
  );
  await arrangeRestart(host, { into });
  expect(written).toEqual(expected);
  expect(host.messages).toEqual(messages);
});

it('starts what a Windows has staged on its disk once more', async () => {
  const host = await winpeHost();
  host.windows.drives.C = { type: 'fixed' };
  await arrangeRestart(host, { into: 'winpe' });
  expect(host.lines).toEqual([]);
  await writeFiles(host.drive('C'), { '_SMSTaskSequence/boot/boot.wim': 'image' });
  await arrangeRestart(host, { into: 'winpe' });
  const [bcdedit, ...others] = host.lines;
  expect(bcdedit).toMatch(/bcdedit\.exe \/bootsequence \{[0-9a-f-]+\}$/);
  expect(others).toEqual([]);
});
