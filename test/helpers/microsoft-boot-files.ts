import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { standInBootmgr } from '../../builder/demo/stand-in-bootmgr.ts';
import { standInEfi } from '../../builder/demo/stand-in-efi.ts';
import { copyIntoFat } from '../../builder/tools/mtools.ts';
import { mediumBootStore } from '../../runtime/hive/medium-store.ts';
import { exec } from '../../runtime/host/exec.ts';
import { tinyPe } from './microsoft-pe.ts';
import { makeSigner, type SignedBy, type Signer } from './microsoft-signing.ts';

export type BootFileOptions = {
  architecture: 'x64' | 'arm64' | 'x86';
  /** The files in the EFI_EX, FONTS_EX and DVD_EX folders of the images. */
  newerSet: boolean;
  /** Who signed the files under their plain names, in images and on media. */
  plainSet: Exclude<SignedBy, 'shim'>;
};

/** Files by path: what a test puts into an image or onto a medium. */
export type Files = Record<string, string | Uint8Array>;

export type BootFileMaker = { image(): Promise<Files>; media(): Promise<Files>; oscdimg(): Promise<Files> };

const timestamp = new Date('2026-01-01T00:00:00Z');
const FLOPPY_KIBIBYTES = 1440;

/** Boot files of our own bytes under Microsoft's names, their EFI programs signed with throw-away certificates. */
export async function bootFileMaker(folder: string, options: BootFileOptions): Promise<BootFileMaker> {
  const sign = await makeSigner(join(folder, 'certificates'));
  const efisys = efisysMaker(folder, sign, options);
  const efi = (text: string, by: SignedBy) => program(sign, options, text, by);
  const { plainSet } = options;
  const plainEfisys = async (at: string, by = plainSet, suffix = ''): Promise<Files> => ({
    [`${at}/efisys${suffix}.bin`]: await efisys('cdboot', by),
    [`${at}/efisys_noprompt${suffix}.bin`]: await efisys('cdboot_noprompt', by),
  });
  return {
    image: async () => ({
      ...under('Windows/Boot/DVD/PCAT', bios(store('bios'))),
      'Windows/Boot/PCAT/bootmgr': 'bootmgr for BIOS',
      'Windows/Boot/DVD/EFI/BCD': store('uefi'),
      'Windows/Boot/DVD/EFI/boot.sdi': SDI,
      ...(await plainEfisys('Windows/Boot/DVD/EFI/en-US')),
      'Windows/Boot/EFI/bootmgfw.efi': await efi('bootmgfw', plainSet),
      'Windows/Boot/EFI/bootmgr.efi': await efi('bootmgr', 2011),
      'Windows/Boot/EFI/boot.stl': 'trust list',
      'Windows/Boot/PXE/bootmgr.exe': 'bootmgr for PXE',
      ...fonts('Windows/Boot/Fonts'),
      ...(options.newerSet && {
        'Windows/Boot/EFI_EX/bootmgfw_EX.efi': await efi('bootmgfw', 2023),
        'Windows/Boot/EFI_EX/bootmgr_EX.efi': await efi('bootmgr', 2011),
        ...fonts('Windows/Boot/FONTS_EX', '_EX'),
        ...(await plainEfisys('Windows/Boot/DVD_EX/EFI/en-US', 2023, '_EX')),
      }),
    }),
    media: async () => ({
      ...under('boot', bios(store('bios'))),
      bootmgr: 'bootmgr for BIOS',
      'bootmgr.efi': await efi('bootmgr', 2011),
      ...fonts('boot/fonts'),
      [`efi/boot/${fileName(options)}`]: await efi('bootmgfw', plainSet),
      'efi/microsoft/boot/bcd': store('uefi'),
      ...(await plainEfisys('efi/microsoft/boot')),
      ...fonts('efi/microsoft/boot/fonts'),
    }),
    oscdimg: async () => ({
      'etfsboot.com': ETFSBOOT,
      ...(await plainEfisys('.')),
      ...(options.newerSet && (await plainEfisys('.', 2023, '_EX'))),
    }),
  };
}

/** What the program in the place of etfsboot.com says on the serial port. */
export const ETFSBOOT_WORDS = 'stand-in for etfsboot';
/** BIOS loads the four sectors at 7C00h, under one of two names for that place: a far jump to 07C1:0000 settles it. */
const ETFSBOOT = new Uint8Array(4096);
ETFSBOOT.set([0xea, 0x00, 0x00, 0xc1, 0x07]);
ETFSBOOT.set(standInBootmgr(ETFSBOOT_WORDS), 16);
const SDI = Buffer.concat([Buffer.from('$SDI0001'), Buffer.alloc(8184)]);

function bios(BCD: Uint8Array): Files {
  return { BCD, 'boot.sdi': SDI, 'etfsboot.com': ETFSBOOT, 'bootfix.bin': 'bootfix' };
}

function fonts(folder: string, suffix = ''): Files {
  const names = ['segoe_slboot', 'wgl4_boot'];
  return Object.fromEntries(names.map((name) => [`${folder}/${name}${suffix}.ttf`, `font ${name}${suffix}`]));
}

function store(firmware: 'uefi' | 'bios'): Uint8Array {
  return mediumBootStore({ firmware, timestamp });
}

function under(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}

/** A program that says its words on the serial port where firmware starts it; for arm64 one that only looks like it. */
function program(sign: Signer, { architecture }: BootFileOptions, text: string, by: SignedBy): Promise<Uint8Array> {
  const words = `${text} ${by}`;
  return sign(architecture === 'arm64' ? tinyPe({ machine: 'arm64', text: words }) : standInEfi(words), by);
}

function fileName({ architecture }: BootFileOptions): string {
  return `boot${architecture === 'arm64' ? 'aa64' : architecture}.efi`.replace('x86', 'ia32');
}

/** Makes floppies with one signed program, each only once. */
function efisysMaker(folder: string, sign: Signer, options: BootFileOptions) {
  const made = new Map<string, Promise<Uint8Array>>();
  const make = async (text: string, by: SignedBy): Promise<Uint8Array> => {
    const [image, file] = [join(folder, `${text}-${by}.img`), join(folder, `${text}-${by}.efi`)];
    await writeFile(file, await program(sign, options, text, by));
    await exec(['mkfs.fat', '--invariant', '-F', '12', '-C', image, String(FLOPPY_KIBIBYTES)]);
    await copyIntoFat(image, new Map([[`EFI/BOOT/${fileName(options).toUpperCase()}`, file]]), 0, exec);
    const bytes = await readFile(image);
    for (const path of [image, file]) await rm(path);
    return new Uint8Array(bytes);
  };
  return (text: string, by: SignedBy): Promise<Uint8Array> => {
    const key = `${text}-${by}`;
    const bytes = made.get(key) ?? make(text, by);
    made.set(key, bytes);
    return bytes;
  };
}
