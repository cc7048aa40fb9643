import { MICROSOFT_ARCHITECTURES } from '../../../runtime/contract/architecture.ts';
import type { WindowsSigningSet } from '../../pe/signing-set.ts';

/** Files by path, with slashes, in whatever case. `list` gives the names in a folder, none where there is no such folder. */
export type BootFileTree = { name: string; has(path: string): boolean; list(folder: string): string[] };

export type BootFileSources = {
  /** The image of the boot.wim that is started. */
  image: BootFileTree;
  /** A Windows ISO, the ADK's Media folder or the folder above it, or a folder that copype made. */
  media?: BootFileTree;
  /**
   * The sets of the files under their plain names, where a certificate has been read: `Windows/Boot/EFI/bootmgfw.efi` of
   * the image, `efi/boot/boot*.efi` of the media. 2011 unless given.
   */
  plainSets?: { image?: WindowsSigningSet; media?: WindowsSigningSet };
};

export type BootFileWish = { architecture: 'x64' | 'arm64'; pressAnyKey: boolean };

/** A place a file may come from, a folder where `all` says so. */
export type Place = { from: 'image' | 'media'; path: string };

/** A file of the medium and where it may come from, the first place that has it. */
export type BootFileEntry = {
  path: string;
  places: readonly Place[];
  /** `made` is for what we can write ourselves. */
  otherwise: 'missing' | 'left-out' | 'made';
  /** The entry is a folder of fonts: every font of the first place that has any. */
  fonts?: boolean;
};

const BOOT = 'Windows/Boot';

/** Where firmware looks for the program it starts from a medium. */
function firmwareProgram(architecture: BootFileWish['architecture']): string {
  return `efi/boot/${architecture === 'x64' ? 'bootx64' : 'bootaa64'}.efi`;
}

/** The FAT image of the UEFI El Torito entry; its program asks for a key, or does not. */
export function efiBootImage(pressAnyKey: boolean): string {
  return `efi/microsoft/boot/${pressAnyKey ? 'efisys' : 'efisys_noprompt'}.bin`;
}

/**
 * Every boot file a medium has and where files of one set lie, by what the ISOs, the ADK and boot images of Microsoft
 * have (windows-runtime.md, section 8; facts.md, section 17). BIOS knows no certificates, so its files are of no set.
 */
export function bootFileEntries(sources: BootFileSources, wish: BootFileWish, set: WindowsSigningSet): BootFileEntry[] {
  const { image, media } = places(sources, wish);
  const entry = (path: string, from: Place[], otherwise: BootFileEntry['otherwise'] = 'missing'): BootFileEntry => ({
    path,
    places: from,
    otherwise,
  });
  const store = `${BOOT}/DVD`;
  const bios: BootFileEntry[] = [
    entry('bootmgr', [...image(`${BOOT}/PCAT/bootmgr`), ...media.medium('bootmgr')]),
    entry('boot/bcd', [...image(`${store}/PCAT/BCD`), ...media.medium('boot/bcd')], 'made'),
    entry('boot/etfsboot.com', [...image(`${store}/PCAT/etfsboot.com`), ...media.firmware('boot', 'etfsboot.com')]),
    ...(wish.pressAnyKey
      ? [entry('boot/bootfix.bin', [...image(`${store}/PCAT/bootfix.bin`), ...media.medium('boot/bootfix.bin')])]
      : []),
    { ...entry('boot/fonts', [...image(`${BOOT}/Fonts`), ...media.medium('boot/fonts')]), fonts: true },
  ];
  const sdi = [`${store}/PCAT/boot.sdi`, `${store}/EFI/boot.sdi`, 'sms/boot/boot.sdi'].flatMap(image);
  return [
    ...(wish.architecture === 'arm64' ? [] : bios),
    // Both stores name this one: Microsoft's media have no second.
    entry('boot/boot.sdi', [...sdi, ...media.medium('boot/boot.sdi')]),
    entry('efi/microsoft/boot/bcd', [...image(`${store}/EFI/BCD`), ...media.medium('efi/microsoft/boot/bcd')], 'made'),
    entry(
      'efi/microsoft/boot/boot.stl',
      [...image(`${BOOT}/EFI/boot.stl`), ...media.medium('efi/microsoft/boot/boot.stl')],
      'left-out',
    ),
    ...signedEntries(sources, wish, set),
  ];
}

/** What belongs to a set: the programs, the image that holds one, and the fonts they draw with. */
function signedEntries(sources: BootFileSources, wish: BootFileWish, set: WindowsSigningSet): BootFileEntry[] {
  const { image, media } = places(sources, wish);
  const { image: imageSet = '2011', media: mediaSet = '2011' } = sources.plainSets ?? {};
  const ifImage = (paths: Place[]): Place[] => (imageSet === set ? paths : []);
  const ifMedia = (paths: Place[]): Place[] => (mediaSet === set ? paths : []);
  const if2023 = (paths: Place[]): Place[] => (set === '2023' ? paths : []);
  const program = firmwareProgram(wish.architecture);
  const efisys = efiBootImage(wish.pressAnyKey);
  const efisysName = efisys.replace(/.*\//, '');
  const efisysEx = efisysName.replace('.bin', '_EX.bin');
  const inLanguages = (folder: string, name: string): Place[] =>
    languagesOf(sources.image, folder).flatMap((language) => image(`${folder}/${language}/${name}`));
  return [
    {
      path: program,
      otherwise: 'missing',
      places: [
        ...if2023([...image(`${BOOT}/EFI_EX/bootmgfw_EX.efi`), ...media.firmware(undefined, 'bootmgfw_EX.efi')]),
        ...ifImage(image(`${BOOT}/EFI/bootmgfw.efi`)),
        ...ifMedia([...media.medium(program), ...media.firmware(undefined, 'bootmgfw.efi')]),
      ],
    },
    {
      path: efisys,
      otherwise: 'missing',
      places: [
        ...if2023([...inLanguages(`${BOOT}/DVD_EX/EFI`, efisysEx), ...media.firmware(undefined, efisysEx)]),
        ...ifImage(inLanguages(`${BOOT}/DVD/EFI`, efisysName)),
        ...ifMedia(media.firmware('efi/microsoft/boot', efisysName)),
      ],
    },
    {
      path: 'efi/microsoft/boot/fonts',
      otherwise: 'missing',
      fonts: true,
      places: [
        ...if2023(image(`${BOOT}/FONTS_EX`)),
        ...ifImage(image(`${BOOT}/Fonts`)),
        ...ifMedia(media.medium('efi/microsoft/boot/fonts')),
      ],
    },
    {
      // Started from a store, not by firmware, and Microsoft's own is of the older set in both.
      path: 'bootmgr.efi',
      otherwise: 'left-out',
      places: [
        ...if2023(image(`${BOOT}/EFI_EX/bootmgr_EX.efi`)),
        ...image(`${BOOT}/EFI/bootmgr.efi`),
        ...media.medium('bootmgr.efi'),
      ],
    },
  ];
}

type Places = {
  image(path: string): Place[];
  media: {
    /** A path of a finished medium. */
    medium(path: string): Place[];
    /** A file that makes a medium start: on the medium, or in the folders ADK and copype keep such files in. */
    firmware(folder: string | undefined, name: string): Place[];
  };
};

function places({ media }: BootFileSources, { architecture }: BootFileWish): Places {
  const adk = MICROSOFT_ARCHITECTURES[architecture];
  const roots = ['', 'media/', `${adk}/Media/`, `Windows Preinstallation Environment/${adk}/Media/`];
  const kept = ['fwfiles/', 'bootbins/', 'Oscdimg/', `${adk}/Oscdimg/`, `Deployment Tools/${adk}/Oscdimg/`];
  const onMedia = (paths: string[]): Place[] =>
    media === undefined ? [] : paths.map((path) => ({ from: 'media', path }));
  return {
    image: (path) => [{ from: 'image', path }],
    media: {
      medium: (path) => onMedia(roots.map((root) => `${root}${path}`)),
      firmware: (folder, name) =>
        onMedia([
          ...(folder === undefined ? [] : roots.map((root) => `${root}${folder}/${name}`)),
          ...kept.map((root) => `${root}${name}`),
        ]),
    },
  };
}

/** English first: the files are the same in every language that has them. */
function languagesOf(tree: BootFileTree, folder: string): string[] {
  const languages = tree.list(folder).filter((name) => /^[a-z]{2,3}(-[a-z]+)+$/i.test(name) && !/^en-us$/i.test(name));
  return ['en-US', ...languages.sort()];
}
