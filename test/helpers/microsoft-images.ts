import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type HiveData, hiveFromPaths } from '../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../runtime/hive/regf.ts';
import { exec } from '../../runtime/host/exec.ts';
import type { Files } from './microsoft-boot-files.ts';
import { tinyPe } from './microsoft-pe.ts';
import { writeFiles } from './temporary-folder.ts';

export type WindowsImage = {
  name: string;
  architecture: 'x64' | 'arm64' | 'x86';
  edition: string;
  installationType: 'WindowsPE' | 'Client' | 'Server';
  language: string;
  /** Major, minor, build and revision. */
  version: string;
};

const ARCHITECTURE_NUMBERS = { x86: 0, x64: 9, arm64: 12 };
/** Names as Windows writes them into the names of packages and of the images in a boot.wim. */
export const ARCHITECTURE_NAMES = { x86: 'x86', x64: 'amd64', arm64: 'arm64' } as const;
const timestamp = new Date('2026-01-01T00:00:00Z');

/** Adds a folder to a WIM as its next image, or starts the WIM, with the XML metadata Windows images have. */
export async function addImage(wim: string, folder: string, image: WindowsImage, how: 'first' | 'next' | 'boot') {
  const [major, minor, build, revision] = image.version.split('.');
  const metadata = {
    'WINDOWS/ARCH': ARCHITECTURE_NUMBERS[image.architecture],
    'WINDOWS/PRODUCTNAME': 'Microsoft® Windows® Operating System',
    'WINDOWS/EDITIONID': image.edition,
    'WINDOWS/INSTALLATIONTYPE': image.installationType,
    'WINDOWS/PRODUCTTYPE': image.installationType === 'Server' ? 'ServerNT' : 'WinNT',
    'WINDOWS/LANGUAGES/LANGUAGE': image.language,
    'WINDOWS/LANGUAGES/DEFAULT': image.language,
    'WINDOWS/VERSION/MAJOR': major,
    'WINDOWS/VERSION/MINOR': minor,
    'WINDOWS/VERSION/BUILD': build,
    'WINDOWS/VERSION/SPBUILD': revision,
    'WINDOWS/VERSION/SPLEVEL': 0,
    'WINDOWS/SYSTEMROOT': 'WINDOWS',
    DISPLAYNAME: image.name,
    DISPLAYDESCRIPTION: image.name,
  };
  const properties = Object.entries(metadata).map(([name, value]) => `--image-property=${name}=${value}`);
  const command = how === 'first' ? ['capture', '--compress=LZX'] : ['append', ...(how === 'boot' ? ['--boot'] : [])];
  await exec(['wimlib-imagex', ...command, folder, wim, image.name, image.name, ...properties]);
}

export type WinPe = {
  architecture: 'x64' | 'arm64' | 'x86';
  version: string;
  /** DLLs in System32. */
  dlls: readonly string[];
  /** Optional components, by name: `WMI`. */
  components: readonly string[];
  /** Bytes that do not compress. */
  bytes: number;
};

/** WinPE without its boot files: programs that do nothing, hives with the keys that are read and changed. */
export async function writeWinPe(folder: string, pe: WinPe): Promise<void> {
  const machine = pe.architecture === 'arm64' ? 'arm64' : 'x64';
  const program = (name: string) => tinyPe({ machine, subsystem: 3, text: name });
  const system = 'Windows/System32';
  const programs = ['winpeshl.exe', 'wpeinit.exe', 'wpeutil.exe', 'cmd.exe', 'diskpart.exe', 'Boot/winload.efi'];
  const packages = ['LanguagePack', ...pe.components].map(
    (name) => `WinPE-${name}-Package~31bf3856ad364e35~${ARCHITECTURE_NAMES[pe.architecture]}~~${pe.version}.mum`,
  );
  await writeFiles(folder, {
    ...Object.fromEntries([...programs, ...pe.dlls].map((name) => [`${system}/${name}`, program(name)])),
    ...Object.fromEntries(packages.map((name) => [`Windows/servicing/Packages/${name}`, '<assembly />'])),
    [`${system}/startnet.cmd`]: 'wpeinit\r\n',
    [`${system}/winpe.jpg`]: 'a picture',
    [`${system}/ntoskrnl.exe`]: tinyPe({ machine, subsystem: 1, text: 'kernel', bytes: 4096 }),
    [`${system}/filler.bin`]: noise(pe.bytes),
    ...hives(pe.version),
    'Windows/INF/setup.inf': '[Version]\r\n',
  });
  await mkdir(join(folder, 'Users/Default'), { recursive: true });
}

function hives(version: string): Files {
  const hive = (paths: Record<string, Record<string, HiveData>>) =>
    writeHive(hiveFromPaths('ROOT', paths), { timestamp });
  const text = (data: string): HiveData => ({ type: 'SZ', data });
  const number = (data: number): HiveData => ({ type: 'DWORD', data });
  const config = 'Windows/System32/config';
  return {
    [`${config}/SYSTEM`]: hive({
      Select: { Current: number(1), Default: number(1) },
      Setup: { CmdLine: text('winpeshl.exe'), SetupType: number(1), SystemSetupInProgress: number(1) },
      'ControlSet001\\Control': { CurrentUser: text('USERNAME') },
      'ControlSet001\\Services\\FBWF': { Start: number(0), WinPECacheThreshold: number(32) },
    }),
    [`${config}/SOFTWARE`]: hive({
      'Microsoft\\Windows NT\\CurrentVersion': {
        CurrentBuild: text(version.split('.')[2] ?? ''),
        EditionID: text('WindowsPE'),
        SystemRoot: text('X:\\Windows'),
      },
      'Microsoft\\Windows NT\\CurrentVersion\\WinPE': { InstRoot: text('X:\\') },
    }),
    [`${config}/DEFAULT`]: hive({
      'Control Panel\\Desktop': { Wallpaper: text('%SystemRoot%\\system32\\winpe.jpg') },
      'Keyboard Layout\\Preload': { '1': text('00000409') },
    }),
  };
}

/** Bytes that do not compress and are the same each time. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at + 4 <= length; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeInt32LE(state, at);
  }
  return new Uint8Array(bytes);
}
