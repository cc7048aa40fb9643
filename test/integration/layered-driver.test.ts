import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EDITIONS } from '../../builder/demo/editions.ts';
import { imageHives } from '../../builder/demo/image-hives.ts';
import { exec } from '../../runtime/host/exec.ts';
import { linuxPlatform } from '../../runtime/platform/linux/index.ts';
import type { TargetVolume } from '../../runtime/platform/platform.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { makeNtfs } from './wim-fixtures.ts';

const HIVE = 'Windows/System32/config/SYSTEM';

/** An NTFS volume with the hives of a Windows, below folders in another case. */
async function windowsVolume(device: string, hives: Record<string, Uint8Array>): Promise<TargetVolume> {
  await makeNtfs(device, 64);
  const volume = { name: 'Windows', role: 'primary', number: 3, startBytes: 0, bytes: 64 * 1024 ** 2 } as const;
  const windows: TargetVolume = { ...volume, device, fileSystem: 'ntfs' };
  await using mounted = await linuxPlatform({ exec, bootCodeFolder: '' }).mount(windows, 'write');
  const files = Object.entries(hives).map(([path, bytes]) => [
    path.replace('System32', 'system32'),
    Buffer.from(bytes),
  ]);
  await writeFiles(mounted.path, Object.fromEntries(files));
  return windows;
}

it('the applied Windows gets its keyboard, and hivex reads it', async () => {
  const folder = await temporaryFolder();
  const [edition] = EDITIONS;
  if (edition === undefined) throw new Error('no edition');
  const windows = await windowsVolume(join(folder, 'ntfs.img'), imageHives(edition));
  const platform = linuxPlatform({ exec, bootCodeFolder: '' });
  for (const driver of [2, 6]) await platform.setLayeredDriver(windows, driver, {});
  const hive = join(folder, 'SYSTEM');
  {
    await using mounted = await platform.mount(windows, 'read');
    await writeFile(hive, (await mounted.files.read(HIVE)) ?? '');
    expect(await mounted.files.list('Windows/System32/config')).toHaveLength(5);
  }
  const ask = async (input: string) => (await exec(['hivexsh', hive], { input })).stdout.trim().split('\n').toSorted();
  expect(await ask('cd ControlSet001\\Services\\i8042prt\\Parameters\nlsval\n')).toEqual([
    '"LayerDriver JPN"="kbd106.dll"',
    '"LayerDriver KOR"="kbd101a.dll"',
    '"OverrideKeyboardIdentifier"="PCAT_106KEY"',
    '"OverrideKeyboardSubtype"=dword:00000002',
    '"OverrideKeyboardType"=dword:00000007',
  ]);
  expect(await ask('cd ControlSet001\\Services\nls\n')).toHaveLength(221);
  expect((await readFile(hive)).length % 4096).toBe(0);
});
