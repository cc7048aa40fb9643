import { win32 } from 'node:path';
import type { Argv } from '../../host/exec.ts';
import type { LayeredDriver } from '../layered-driver.ts';
import type { DriverOptions } from '../platform.ts';
import type { Tool } from './exit-codes.ts';

/** A program of this WinPE, by its full path: the search path of a boot.wim cannot be relied on. */
export function systemProgram(systemRoot: string, tool: Tool): string {
  return win32.join(systemRoot, 'System32', `${tool}.exe`);
}

export function bcdeditArgv(systemRoot: string, words: readonly string[]): Argv {
  return [systemProgram(systemRoot, 'bcdedit'), ...words];
}

export type ApplyWish = {
  file: string;
  index: number;
  /** Parts of a split image, as a pattern; undefined for a whole one. */
  parts: string | undefined;
  folder: string;
  /** On real storage: the RAM drive of WinPE is small. */
  scratchFolder: string | undefined;
  logFile: string;
};

/**
 * DISM's command line that applies an image. Without /CheckIntegrity and /Verify: the medium's own hashes have been
 * checked by now.
 */
export function applyImageArgv(systemRoot: string, wish: ApplyWish): Argv {
  return [
    systemProgram(systemRoot, 'dism'),
    '/English',
    '/Apply-Image',
    `/ImageFile:${wish.file}`,
    ...(wish.parts === undefined ? [] : [`/SWMFile:${wish.parts}`]),
    `/Index:${wish.index}`,
    `/ApplyDir:${wish.folder}`,
    ...dismFiles(wish),
  ];
}

export type DriverWish = DriverOptions & {
  image: string;
  folder: string;
  scratchFolder: string | undefined;
  logFile: string;
};

export function addDriversArgv(systemRoot: string, wish: DriverWish): Argv {
  return [
    systemProgram(systemRoot, 'dism'),
    '/English',
    `/Image:${wish.image}`,
    '/Add-Driver',
    `/Driver:${wish.folder}`,
    ...(wish.recurse === false ? [] : ['/Recurse']),
    ...(wish.forceUnsigned === true ? ['/ForceUnsigned'] : []),
    ...(wish.additionalOptions ?? []),
    ...dismFiles(wish),
  ];
}

export type LayeredDriverWish = {
  image: string;
  driver: LayeredDriver;
  scratchFolder: string | undefined;
  logFile: string;
};

export function setLayeredDriverArgv(systemRoot: string, wish: LayeredDriverWish): Argv {
  return [
    systemProgram(systemRoot, 'dism'),
    '/English',
    `/Image:${wish.image}`,
    `/Set-LayeredDriver:${wish.driver}`,
    ...dismFiles(wish),
  ];
}

export type CaptureWish = {
  file: string;
  folder: string;
  name: string;
  description: string;
  /** The list of exclusions: WimScript.ini. */
  configFile: string;
  scratchFolder: string | undefined;
  logFile: string;
};

/** DISM's command line that begins a WIM with an image of a folder, or adds one. Both compress as `max` does. */
export function captureImageArgv(systemRoot: string, wish: CaptureWish, action: 'capture' | 'append'): Argv {
  return [
    systemProgram(systemRoot, 'dism'),
    '/English',
    ...(action === 'capture' ? ['/Capture-Image'] : ['/Append-Image']),
    `/ImageFile:${wish.file}`,
    `/CaptureDir:${wish.folder}`,
    `/Name:${wish.name}`,
    ...(wish.description === '' ? [] : [`/Description:${wish.description}`]),
    `/ConfigFile:${wish.configFile}`,
    ...(action === 'capture' ? ['/Compress:max'] : []),
    '/CheckIntegrity',
    '/Verify',
    ...dismFiles(wish),
  ];
}

function dismFiles({ scratchFolder, logFile }: { scratchFolder: string | undefined; logFile: string }): string[] {
  return [...(scratchFolder === undefined ? [] : [`/ScratchDir:${scratchFolder}`]), `/LogPath:${logFile}`];
}

export type BootFilesWish = {
  /** The root of the volume Windows is on: `W:\`. */
  windows: string;
  /** The letter of the system volume. */
  systemLetter: string;
  firmware: 'UEFI' | 'BIOS';
  locale: string;
  /** The set of boot files that is signed by Windows UEFI CA 2023. */
  signedBy2023: boolean;
};

export function bcdbootArgv(systemRoot: string, wish: BootFilesWish): Argv {
  return [
    systemProgram(systemRoot, 'bcdboot'),
    win32.join(wish.windows, 'Windows'),
    '/s',
    `${wish.systemLetter}:`,
    '/f',
    wish.firmware,
    '/l',
    wish.locale,
    '/v',
    ...(wish.signedBy2023 ? ['/bootex'] : []),
  ];
}

/** Puts the Windows boot manager first among what the firmware starts: bcdboot with /s leaves the firmware alone. */
export function firmwareOrderArgv(systemRoot: string): Argv {
  return [systemProgram(systemRoot, 'bcdedit'), '/set', '{fwbootmgr}', 'displayorder', '{bootmgr}', '/addfirst'];
}

/** Boot code that looks for bootmgr, into the volume's first sector and the disk's. */
export function bootsectArgv(systemRoot: string, systemLetter: string): Argv {
  return [systemProgram(systemRoot, 'bootsect'), '/nt60', `${systemLetter}:`, '/mbr'];
}

/** reagentc of the applied Windows: WinPE has none. */
export function setRecoveryImageArgv(windows: string, folder: string): Argv {
  const target = win32.join(windows, 'Windows');
  const program = win32.join(target, 'System32', 'reagentc.exe');
  return [program, '/setreimage', '/path', folder, '/target', target];
}

export function wpeutilArgv(systemRoot: string, ...words: string[]): Argv {
  return [systemProgram(systemRoot, 'wpeutil'), ...words];
}

export function drvloadArgv(systemRoot: string, inf: string): Argv {
  return [systemProgram(systemRoot, 'drvload'), inf];
}

/** Windows' own scheme "High performance", by its GUID. */
const HIGH_PERFORMANCE = '8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c';

export function powerSchemeArgv(systemRoot: string): Argv {
  return [systemProgram(systemRoot, 'powercfg'), '/s', HIGH_PERFORMANCE];
}

export function diskpartArgv(systemRoot: string, script: string): Argv {
  return [systemProgram(systemRoot, 'diskpart'), '/s', script];
}
