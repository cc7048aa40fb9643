import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../../runtime/host/exec.ts';
import { type BootFileMaker, type BootFileOptions, bootFileMaker, type Files } from './microsoft-boot-files.ts';
import { ARCHITECTURE_NAMES, addImage, noise, type WindowsImage, writeWinPe } from './microsoft-images.ts';
import { tinyPe } from './microsoft-pe.ts';
import { writeFiles } from './temporary-folder.ts';

export type MicrosoftMediaOptions = Partial<BootFileOptions> & {
  language?: string;
  /** Of every image: major, minor, build and revision. */
  version?: string;
  /** DLLs in WinPE's System32: what the runtime imports and loads unless given. */
  dlls?: readonly string[];
  components?: readonly string[];
  /** Bytes in boot.wim, and in each edition of install.wim, that do not compress. */
  bootBytes?: number;
  installBytes?: number;
  editions?: readonly { name: string; id: string }[];
  /** What the medium carries in sources. */
  install?: 'wim' | 'esd' | 'swm' | 'none';
};

/** Paths below the folder; each thing is made at the first call, with what it needs. */
export type MicrosoftMedia = {
  /** Two images, the second started, as in an ISO's. */
  bootWim(): Promise<string>;
  installWim(): Promise<string>;
  /** Solid LZMS. */
  installEsd(): Promise<string>;
  /** The first part; the others lie beside it as `install2.swm`, ... */
  installSwm(): Promise<string>;
  /** The files of a Windows ISO. */
  mediaFolder(): Promise<string>;
  /** ISO 9660 level 3 with Joliet, both El Torito entries. */
  isoFile(): Promise<string>;
  /** The same as UDF, with an ISO 9660 tree that shows one text file only, as on Microsoft's. */
  udfFile(): Promise<string>;
  /** `<architecture>/Media`, `<architecture>/en-us/winpe.wim` (one image, no DVD boot files), `Oscdimg`. */
  adkFolder(): Promise<string>;
};

const RUNTIME_DLLS = ['kernel32', 'advapi32', 'user32', 'ole32', 'shell32', 'userenv', 'iphlpapi', 'ws2_32', 'crypt32']
  .concat(['winmm', 'dbghelp', 'ntdll', 'bcrypt', 'psapi', 'setupapi', 'powrprof', 'version', 'gdi32'])
  .concat(['mpr', 'netapi32', 'tbs'])
  .map((name) => `${name}.dll`);
const EDITIONS = [
  { name: 'Windows 11 Home', id: 'Core' },
  { name: 'Windows 11 Pro', id: 'Professional' },
  { name: 'Windows 11 Enterprise', id: 'Enterprise' },
];
const SPLIT_MEBIBYTES = 1;
const LABEL = 'CCCOMA_X64FRE_EN-US_DV9';

/** Things in the shape of Microsoft's with bytes of our own, below an empty folder. */
export function makeMicrosoftMedia(folder: string, options: MicrosoftMediaOptions = {}): MicrosoftMedia {
  const given = {
    architecture: 'x64',
    newerSet: true,
    plainSet: 2011,
    language: 'en-US',
    version: '10.0.26100.1742',
    dlls: RUNTIME_DLLS,
    components: ['WMI', 'Scripting', 'SecureStartup'],
    bootBytes: 256 * 1024,
    installBytes: 1024 * 1024,
    editions: EDITIONS,
    install: 'wim',
    ...options,
  } as const satisfies MicrosoftMediaOptions;
  const { architecture } = given;
  const path = (...names: string[]) => join(folder, ...names);
  const wimlib = (...args: string[]) => exec(['wimlib-imagex', ...args]);
  const bootFiles = once<BootFileMaker>(() => bootFileMaker(path('boot-files'), given));
  const winPe = (name: string): WindowsImage => ({
    ...{ name: `Microsoft Windows ${name} (${ARCHITECTURE_NAMES[architecture]})`, architecture },
    ...{ edition: 'WindowsPE', installationType: 'WindowsPE', language: given.language, version: given.version },
  });
  const setup = tinyPe({ subsystem: 2, text: 'setup' });

  const bootWim = once(async () => {
    const tree = path('boot-tree');
    await writeWinPe(tree, { ...given, bytes: given.bootBytes });
    await writeFiles(tree, await (await bootFiles()).image());
    await addImage(path('boot.wim'), tree, winPe('PE'), 'first');
    await writeFiles(tree, { 'setup.exe': setup, 'sources/setup.exe': setup, 'sources/lang.ini': '[Languages]\r\n' });
    await addImage(path('boot.wim'), tree, winPe('Setup'), 'boot');
    return path('boot.wim');
  });
  const installWim = once(async () => {
    for (const [index, { name, id }] of given.editions.entries()) {
      const tree = path(`edition-${id}`);
      await writeFiles(tree, editionFiles(id, given.installBytes, index));
      const image = { ...winPe(''), name, edition: id, installationType: 'Client' } as const;
      await addImage(path('install.wim'), tree, image, index === 0 ? 'first' : 'next');
    }
    return path('install.wim');
  });
  const installEsd = once(async () => {
    await wimlib('export', await installWim(), 'all', path('install.esd'), '--solid');
    return path('install.esd');
  });
  const installSwm = once(async () => {
    await mkdir(path('split'));
    await wimlib('split', await installWim(), path('split/install.swm'), String(SPLIT_MEBIBYTES));
    return path('split/install.swm');
  });
  const mediaFolder = once(async () => {
    const media = path('media');
    const files: Files = {
      ...(await (await bootFiles()).media()),
      ...{ 'setup.exe': setup, 'sources/setup.exe': setup, 'autorun.inf': '[AutoRun.Amd64]\r\nopen=setup.exe\r\n' },
      ...{
        'sources/ei.cfg': '[Channel]\r\nRetail\r\n',
        'sources/lang.ini': `[Available UI Languages]\r\n${given.language} = 3\r\n`,
      },
    };
    await writeFiles(media, files);
    await cp(await bootWim(), join(media, 'sources/boot.wim'));
    if (given.install === 'wim') await cp(await installWim(), join(media, 'sources/install.wim'));
    if (given.install === 'esd') await cp(await installEsd(), join(media, 'sources/install.esd'));
    if (given.install === 'swm') await copySplit(join(await installSwm(), '..'), join(media, 'sources'));
    return media;
  });
  return {
    ...{ bootWim, installWim, installEsd, installSwm, mediaFolder },
    isoFile: once(async () => {
      const tree = ['-iso-level', '3', '-J', '-joliet-long', '-V', LABEL, ...elTorito(architecture)];
      await exec(['xorriso', '-no_rc', '-as', 'mkisofs', ...tree, '-o', path('windows.iso'), await mediaFolder()]);
      return path('windows.iso');
    }),
    udfFile: once(async () => {
      await writeFiles(path('readme'), { 'readme.txt': 'This disc needs an operating system that reads UDF.\r\n' });
      const tree = ['-udf', '-iso-level', '3', '-allow-limited-size', '-V', LABEL, ...elTorito(architecture)];
      const hidden = (await readdir(await mediaFolder())).flatMap((name) => ['-hide', name]);
      const output = ['-quiet', '-o', path('windows-udf.iso')];
      await exec(['genisoimage', ...tree, ...hidden, ...output, await mediaFolder(), path('readme')]);
      return path('windows-udf.iso');
    }),
    adkFolder: once(async () => {
      const [adk, tree] = [path('adk'), path('adk-tree')];
      const here = join(adk, ARCHITECTURE_NAMES[architecture]);
      const maker = await bootFiles();
      const without = (files: Files, pattern: RegExp) =>
        Object.fromEntries(Object.entries(files).filter(([name]) => !pattern.test(name)));
      await writeFiles(join(here, 'Media'), without(await maker.media(), /etfsboot|efisys/));
      await writeFiles(join(adk, 'Oscdimg'), await maker.oscdimg());
      await writeWinPe(tree, { ...given, components: [], bytes: given.bootBytes });
      await writeFiles(tree, without(await maker.image(), /\/DVD/));
      await mkdir(join(here, 'en-us'));
      await addImage(join(here, 'en-us/winpe.wim'), tree, winPe('PE'), 'first');
      return adk;
    }),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function editionFiles(id: string, bytes: number, index: number): Files {
  const system = 'Windows/System32';
  return {
    [`${system}/ntoskrnl.exe`]: tinyPe({ subsystem: 1, text: 'kernel', bytes: 4096 }),
    [`${system}/kernel32.dll`]: tinyPe({ subsystem: 3, text: 'kernel32' }),
    [`${system}/shared.bin`]: noise(bytes),
    [`${system}/${id}.bin`]: noise(bytes / 4, index + 2),
    'Windows/explorer.exe': tinyPe({ subsystem: 2, text: 'explorer' }),
    'Users/Default/desktop.ini': '[.ShellClassInfo]\r\n',
  };
}

async function copySplit(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await cp(join(from, name), join(to, name));
}

/** Firmware's way in, as Microsoft's ISOs have it: BIOS first, UEFI second. arm64 has the second only. */
function elTorito(architecture: 'x64' | 'arm64' | 'x86'): string[] {
  const uefi = ['-e', 'efi/microsoft/boot/efisys.bin', '-no-emul-boot'];
  if (architecture === 'arm64') return uefi;
  return ['-b', 'boot/etfsboot.com', '-no-emul-boot', '-boot-load-size', '8', '-eltorito-alt-boot', ...uefi];
}
