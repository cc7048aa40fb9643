import { truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeSpace, installedWindows } from '../../../../../runtime/platform/winpe/installed-windows.ts';
import { fakeWin32 } from '../../../../helpers/fake-win32.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { winpeHost } from '../../../../helpers/winpe-host.ts';

const MIB = 1024 ** 2;
const GUID = '20000000-0000-4000-8000-00000000000';
const NUMBERS: Record<string, number> = { S: 1, C: 2, D: 3 };
const PARTITION_OFFSET = 8;

/** Disk 0 with three partitions that have letters; `files` by letter and path. */
async function machine(files: Record<string, string>) {
  const host = await winpeHost();
  const device = host.disk(0);
  const disk = Buffer.alloc(8 * MIB);
  disk.write('FAT32   ', MIB + 82, 'latin1');
  for (const start of [2, 4]) disk.write('NTFS    ', start * MIB + 3, 'latin1');
  await writeFiles(dirname(device), Object.fromEntries(['S', 'C', 'D'].map((letter) => [`${letter}/here`, ''])));
  await writeFile(device, disk);
  await truncate(device, 64 * MIB);
  await writeFiles(dirname(device), files);
  const partitions = [1, 2, 4].map((start, index) => ({
    number: index + 1,
    startBytes: start * MIB,
    bytes: MIB,
    guid: `${GUID}${index}`,
  }));
  Object.assign(host.windows, {
    disks: { [device]: { bytes: 64 * MIB, bus: 11, layout: { style: 'gpt', identity: `${GUID}9`, partitions } } },
    drives: {
      ...Object.fromEntries(Object.keys(NUMBERS).map((letter) => [letter, { type: 'fixed', disk: 0 }])),
      X: { type: 'fixed', disk: 0 },
      E: { type: 'cdrom' },
    },
  });
  const { control } = fakeWin32(host.windows);
  host.win32 = fakeWin32(host.windows, {
    control: (name, code, input, bytes) => {
      const answer = control(name, code, input, bytes);
      const number = NUMBERS[/^\\\\\.\\([A-Z]):$/.exec(name)?.[1] ?? ''];
      if (number !== undefined && answer !== undefined && 'data' in answer)
        answer.data.writeUInt32LE(number, PARTITION_OFFSET);
      return answer;
    },
  });
  return host;
}

describe('installedWindows', () => {
  it('finds the drive of Windows, and what else is on its disk', async () => {
    const host = await machine({
      'C/Windows/System32/config/SYSTEM': '',
      'S/EFI/Microsoft/Boot/BCD': '',
      'X/Windows/System32/config/SYSTEM': '',
    });
    const [found, ...others] = await installedWindows(host);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ device: host.disk(0), style: 'gpt', windows: { device: 'C:\\', number: 2 } });
    expect(found?.volumes.map(({ device, role, fileSystem }) => `${device} ${role} ${fileSystem}`)).toEqual([
      'S:\\ system fat32',
      'C:\\ primary ntfs',
      'D:\\ primary ntfs',
    ]);
  });

  it('finds none where there is none', async () => {
    expect(await installedWindows(await machine({ 'C/Windows/explorer.exe': '' }))).toEqual([]);
  });
});

it('counts space in no partition as free', async () => {
  expect(await freeSpace(await machine({}))).toBeGreaterThanOrEqual(61 * MIB);
});
