import { link, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GPT_TYPES } from '../../../../../runtime/platform/partition-table.ts';
import { writeAt } from '../../../../../runtime/platform/raw-disk.ts';
import { clearVolume, surveyVolume } from '../../../../../runtime/platform/winpe/clear-volume.ts';
import {
  deactivateBoot,
  presentDisks,
  recoverReplaced,
  takeOverDisk,
} from '../../../../../runtime/platform/winpe/present-disks.ts';
import { openState } from '../../../../../runtime/platform/winpe/state.ts';
import { fakeWin32 } from '../../../../helpers/fake-win32.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { type TestHost, winpeHost } from '../../../../helpers/winpe-host.ts';
import { volume } from '../../steps/captured-disk.ts';

const MIB = 1024 ** 2;
const GUID = '20000000-0000-4000-8000-00000000000';
const PARTITION_OFFSET = 8;

type Wish = { style?: 'gpt' | 'mbr'; letters?: Record<string, number>; files?: Record<string, string> };

/** Disk 0: a system volume without a letter, Windows, data, recovery. diskpart gives letters as it is told. */
async function machine({ style = 'gpt', letters = { C: 2, D: 3 }, files = {} }: Wish = {}): Promise<TestHost> {
  const numbers: Record<string, number> = { ...letters };
  const assign = (script: string): void => {
    for (const [, partition, letter] of script.matchAll(/select partition (\d+); assign letter=([A-Z])/g)) {
      numbers[letter ?? ''] = Number(partition);
      Object.assign(host.windows.drives, { [letter ?? '']: { type: 'fixed', disk: 0 } });
    }
  };
  const host = await winpeHost({
    diskpart: (script) => {
      assign(script);
      return {};
    },
  });
  const device = host.disk(0);
  const disk = Buffer.alloc(10 * MIB);
  disk.write('FAT32   ', MIB + 82, 'latin1');
  for (const start of [2, 4, 6]) disk.write('NTFS    ', start * MIB + 3, 'latin1');
  await writeFiles(dirname(device), { 'C/Windows/System32/config/SYSTEM': '', 'D/data.txt': '', ...files });
  await writeFile(device, disk);
  await truncate(device, 64 * MIB);
  const types = [GPT_TYPES.system, GPT_TYPES.primary, GPT_TYPES.primary, GPT_TYPES.recovery];
  const partitions = [1, 2, 4, 6].map((start, index) => ({
    ...{ number: index + 1, startBytes: start * MIB, bytes: MIB },
    ...(style === 'gpt' && { guid: `${GUID}${index}`, type: types[index] ?? '' }),
  }));
  const layout = { style, identity: style === 'gpt' ? `${GUID}9` : '12345678', partitions };
  Object.assign(host.windows, {
    disks: { [device]: { bytes: 64 * MIB, bus: 11, layout } },
    drives: Object.fromEntries(Object.keys(numbers).map((letter) => [letter, { type: 'fixed', disk: 0 }])),
  });
  const { control } = fakeWin32(host.windows);
  host.win32 = fakeWin32(host.windows, {
    control: (name, code, input, bytes) => {
      const answer = control(name, code, input, bytes);
      const number = numbers[/^\\\\\.\\([A-Z]):$/.exec(name)?.[1] ?? ''];
      if (number !== undefined && answer !== undefined && 'data' in answer)
        answer.data.writeUInt32LE(number, PARTITION_OFFSET);
      return answer;
    },
  });
  return host;
}

const shown = (volumes: readonly { number: number; role: string; device: string; fileSystem: string }[]): string[] =>
  volumes.map(({ number, role, device, fileSystem }) => `${number} ${role} ${device} ${fileSystem}`);

async function theDisk(host: TestHost) {
  const [disk] = await presentDisks(host);
  if (disk === undefined) throw new Error('there is no disk');
  const windows = disk.volumes.find(({ number }) => number === 2) ?? volume(2);
  return { disk, windows };
}

describe('a disk that keeps its table', () => {
  it('is shown with the volumes that have no letter', async () => {
    const { disk } = await theDisk(await machine());
    expect(disk).toMatchObject({ style: 'gpt', identity: `${GUID}9` });
    expect(shown(disk.volumes).map((line) => line.replace(/^(\d) (system|recovery|primary)/, '$1'))).toEqual([
      '1  fat32',
      '2 C:\\ ntfs',
      '3 D:\\ ntfs',
      '4  ntfs',
    ]);
  });

  it('is shown with what BitLocker lets Windows read, and not with what it has locked', async () => {
    const host = await machine();
    for (const start of [2, 4]) await writeAt(host.disk(0), Buffer.from('-FVE-FS-'), start * MIB + 3);
    Object.assign(host.windows.drives.C ?? {}, { label: 'OS' });
    const { disk } = await theDisk(host);
    expect(disk.volumes.slice(1, 3).map(({ name, fileSystem }) => [name, fileSystem])).toEqual([
      ['OS', 'ntfs'],
      ['Volume3', 'none'],
    ]);
  });

  it('has its boot files on a volume of their own, by what lies there where the table does not say', async () => {
    const host = await machine({ style: 'mbr', letters: { C: 2, D: 3, S: 1 }, files: { 'S/bootmgr': '' } });
    const { disk, windows } = await theDisk(host);
    const target = await takeOverDisk(host, disk, windows);
    expect(shown(target.volumes).slice(0, 2)).toEqual(['1 system S:\\ fat32', '2 primary C:\\ ntfs']);
    await deactivateBoot(host, target);
    expect(host.lines.at(-1)).toMatch(/diskpart.exe select disk 0; select partition 1; inactive$/);
    expect(openState(host, target, 'winpe')?.place).toBe('C:\\');
  });

  it('may have them beside Windows', async () => {
    const host = await machine({ style: 'mbr', files: { 'C/bootmgr': '' } });
    const { disk, windows } = await theDisk(host);
    const target = await takeOverDisk(host, disk, windows);
    expect(target.volumes.filter(({ role }) => role === 'system').map(({ number }) => number)).toEqual([2]);
  });

  it.each([
    [{ 'C/bootmgr': '', 'D/bootmgr': '' }, /several volumes/],
    [{}, /no bootable volume/],
  ])('is refused where nobody can tell what starts it: %j', async (files, message) => {
    const host = await machine({ style: 'mbr', files });
    const { disk, windows } = await theDisk(host);
    await expect(takeOverDisk(host, disk, windows)).rejects.toThrow(message);
  });

  it('has the letters of this start after a restart', async () => {
    const host = await machine({ letters: { E: 2, S: 1 } });
    const { disk, windows } = await theDisk(host);
    const before = { ...windows, device: 'C:\\' };
    const target = { ...disk, volumes: disk.volumes.map((other) => (other === windows ? before : other)) };
    const recovered = await recoverReplaced(host, { ...target, replacing: 2, windows: before });
    expect([recovered.windows?.device, recovered.volumes[1]?.device]).toEqual(['E:\\', 'E:\\']);
  });
});

describe('the system volume of a GPT disk', () => {
  it('gets a letter, loses the loaders of Windows, and keeps those of other systems', async () => {
    const loaders = { 'EFI/Microsoft/Boot/bootmgfw.efi': 'windows', 'EFI/Boot/bootx64.efi': 'another system' };
    const host = await machine({
      files: Object.fromEntries(Object.entries(loaders).map(([path, text]) => [`S/${path}`, text])),
    });
    const { disk, windows } = await theDisk(host);
    const withTypes = disk.volumes.map((other) => (other.number === 1 ? { ...other, role: 'system' as const } : other));
    const target = await takeOverDisk(host, { ...disk, volumes: withTypes }, windows);
    expect(target.volumes[0]?.device).toBe('S:\\');
    await deactivateBoot(host, target);
    expect(await readdir(join(host.drive('S'), 'EFI/Microsoft/Boot'))).toEqual([]);
    expect(await readFile(join(host.drive('S'), 'EFI/Boot/bootx64.efi'), 'utf8')).toBe('another system');
  });
});

describe('a volume that is cleared', () => {
  it('keeps folders of its root whatever their case, follows no link, and says what it cannot remove', async () => {
    const host = await machine({ files: { 'C/KEPT/a.txt': '12345', 'C/Other/b/c.txt': 'x', 'C/pagefile.sys': 'x' } });
    const root = host.drive('C');
    await mkdir(join(root, 'Kept/sub'), { recursive: true });
    await link(join(root, 'Other/b/c.txt'), join(root, 'KEPT/c.txt'));
    await symlink(host.drive('D'), join(root, 'Other/to-data'));
    expect(await surveyVolume(host, volume(2, { device: 'C:\\' }), ['kept'])).toEqual({
      others: expect.arrayContaining(['Other', 'Windows', 'pagefile.sys']),
      keptBytes: 6,
    });
    await clearVolume(host, volume(2, { device: 'C:\\' }), ['kept'], {});
    expect((await readdir(root)).sort()).toEqual(['KEPT', 'Kept']);
    expect((await stat(join(root, 'KEPT/c.txt'))).nlink).toBe(1);
    expect(await readdir(host.drive('D'))).toEqual(['data.txt']);
  });

  it('says which privileges it does not get', async () => {
    const host = await machine();
    host.win32 = { ...host.win32, enablePrivilege: (name) => name !== 'SeRestorePrivilege' };
    await clearVolume(host, volume(2, { device: 'C:\\' }), [], {});
    expect(host.messages).toEqual(['warning: this process gets no SeRestorePrivilege: some files may not be removed']);
  });
});
