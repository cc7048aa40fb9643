import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type HiveData, hiveFromPaths } from '../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../runtime/hive/regf.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import type { WimCompression } from '../../runtime/wim/wim-info.ts';
import { writeFiles } from './temporary-folder.ts';

export type BootWim = {
  /** Files of the image beside those of every WinPE; null takes one of those away. */
  files?: Record<string, string | Uint8Array | null>;
  /** The WIM's number of an architecture; null leaves it out. */
  architecture?: number | null;
  compression?: WimCompression;
  bootIndex?: number;
  /** Names of the images; all have the same files. */
  images?: readonly string[];
};

const TIME = new Date('2024-03-04T05:06:07Z');

/** A SYSTEM hive as WinPE has it, as far as anything here reads it. */
export function systemHive(
  values: Record<string, HiveData> = { Start: { type: 'DWORD', data: 0 } },
  key = 'ControlSet001\\Services\\FBWF',
): Uint8Array {
  const paths = { [key]: values, Select: { Current: { type: 'DWORD', data: 1 } as const } };
  return writeHive(hiveFromPaths('ROOT', paths), { timestamp: TIME });
}

/** Writes a WIM in the shape of a boot.wim: the names and the XML are Microsoft's, what is in the files is not. */
export async function makeBootWim(folder: string, path: string, options: BootWim = {}): Promise<void> {
  const { architecture = 9, compression = 'LZX', bootIndex = 0, images = ['Microsoft Windows PE (amd64)'] } = options;
  const files: Record<string, string | Uint8Array | null> = {
    'Windows/System32/winpeshl.exe': 'winpeshl',
    'Windows/System32/wpeinit.exe': 'wpeinit',
    'Windows/System32/wpeutil.exe': 'wpeutil',
    'Windows/System32/diskpart.exe': 'diskpart',
    'Windows/System32/KERNEL32.dll': randomBytes(300_000),
    'Windows/System32/config/SYSTEM': systemHive(),
    'Windows/System32/startnet.cmd': 'wpeinit\r\n',
    'setup.exe': 'setup',
    'sources/setup.exe': 'setup',
    ...options.files,
  };
  const source = join(folder, 'boot-wim-source');
  const present = Object.entries(files).filter((entry): entry is [string, string | Uint8Array] => entry[1] !== null);
  await writeFiles(source, Object.fromEntries(present));
  await exec(['find', source, '-exec', 'touch', '-h', '-d', TIME.toISOString(), '{}', '+']);
  using wim = await WimFile.create(compression);
  for (const [at, name] of images.entries()) {
    await wim.addFolder(source, name, { created: TIME });
    if (architecture === null) continue;
    const properties = {
      ARCH: String(architecture),
      EDITIONID: 'WindowsPE',
      INSTALLATIONTYPE: 'WindowsPE',
      PRODUCTNAME: 'Microsoft® Windows® Operating System',
      'VERSION/MAJOR': '10',
      'VERSION/MINOR': '0',
      'VERSION/BUILD': '22621',
      'VERSION/SPBUILD': '2428',
      'LANGUAGES/LANGUAGE': 'en-US',
      'LANGUAGES/DEFAULT': 'en-US',
    };
    for (const [key, value] of Object.entries(properties)) wim.setProperty(at + 1, `WINDOWS/${key}`, value);
  }
  if (bootIndex > 0) wim.setBootIndex(bootIndex);
  await wim.write(path);
  await exec(['rm', '-r', source]);
}
