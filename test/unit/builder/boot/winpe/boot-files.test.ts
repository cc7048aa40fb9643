import { describe, expect, test } from 'vitest';
import { type BootFiles, chooseBootFiles } from '../../../../../builder/boot/winpe/boot-files.ts';
import {
  bootTree,
  IMAGE_BOOT_FILES,
  IMAGE_BOOT_FILES_2023,
  MEDIA_BOOT_FILES,
} from '../../../../helpers/microsoft-boot-tree.ts';

const X64 = { architecture: 'x64', secureBoot: 'default', pressAnyKey: false } as const;
const bothSets = bootTree('boot.wim', [...IMAGE_BOOT_FILES, ...IMAGE_BOOT_FILES_2023]);
const older = bootTree('boot.wim', IMAGE_BOOT_FILES);
/** What the ADK's winpe.wim is said to be without. */
const adkImage = bootTree(
  'winpe.wim',
  [...IMAGE_BOOT_FILES, ...IMAGE_BOOT_FILES_2023].filter((path) => !/\/DVD/.test(path)),
);

const shown = ({ files }: BootFiles): string[] =>
  files.map(({ path, from, sourcePath }) => `${path} <- ${from === 'made' ? from : `${from}:${sourcePath}`}`);
const sourceOf = ({ files }: BootFiles, path: string): string | undefined =>
  shown({ files } as BootFiles)
    .find((line) => line.startsWith(`${path} <- `))
    ?.slice(path.length + 4);

describe('a serviced image alone', () => {
  test('gives the whole 2023 set, with the names a medium has', () => {
    const chosen = chooseBootFiles({ image: bothSets }, X64);
    expect(chosen.set).toBe('2023');
    expect(chosen.elTorito).toEqual({
      bios: 'boot/etfsboot.com',
      uefi: 'efi/microsoft/boot/efisys_noprompt.bin',
    });
    expect(shown(chosen)).toEqual([
      'bootmgr <- image:Windows/Boot/PCAT/bootmgr',
      'boot/bcd <- image:Windows/Boot/DVD/PCAT/BCD',
      'boot/etfsboot.com <- image:Windows/Boot/DVD/PCAT/etfsboot.com',
      'boot/fonts/segoe_slboot.ttf <- image:Windows/Boot/Fonts/segoe_slboot.ttf',
      'boot/fonts/wgl4_boot.ttf <- image:Windows/Boot/Fonts/wgl4_boot.ttf',
      'boot/boot.sdi <- image:Windows/Boot/DVD/PCAT/boot.sdi',
      'efi/microsoft/boot/bcd <- image:Windows/Boot/DVD/EFI/BCD',
      'efi/microsoft/boot/boot.stl <- image:Windows/Boot/EFI/boot.stl',
      'efi/boot/bootx64.efi <- image:Windows/Boot/EFI_EX/bootmgfw_EX.efi',
      'efi/microsoft/boot/efisys_noprompt.bin <- image:Windows/Boot/DVD_EX/EFI/en-US/efisys_noprompt_EX.bin',
      'efi/microsoft/boot/fonts/segoe_slboot.ttf <- image:Windows/Boot/FONTS_EX/segoe_slboot_EX.ttf',
      'efi/microsoft/boot/fonts/wgl4_boot.ttf <- image:Windows/Boot/FONTS_EX/wgl4_boot_EX.ttf',
      'bootmgr.efi <- image:Windows/Boot/EFI_EX/bootmgr_EX.efi',
    ]);
  });

  test('gives the 2011 set when asked, and nothing of the other', () => {
    const chosen = chooseBootFiles({ image: bothSets }, { ...X64, secureBoot: '2011' });
    expect(chosen.set).toBe('2011');
    expect(shown(chosen).filter((line) => line.includes('_EX'))).toEqual([]);
    expect(sourceOf(chosen, 'efi/boot/bootx64.efi')).toBe('image:Windows/Boot/EFI/bootmgfw.efi');
    expect(sourceOf(chosen, 'bootmgr.efi')).toBe('image:Windows/Boot/EFI/bootmgr.efi');
  });

  test('"press any key" takes the other El Torito image and bootfix.bin', () => {
    const chosen = chooseBootFiles({ image: bothSets }, { ...X64, pressAnyKey: true });
    expect(chosen.elTorito.uefi).toBe('efi/microsoft/boot/efisys.bin');
    expect(sourceOf(chosen, 'efi/microsoft/boot/efisys.bin')).toContain('efisys_EX.bin');
    expect(sourceOf(chosen, 'boot/bootfix.bin')).toBe('image:Windows/Boot/DVD/PCAT/bootfix.bin');
  });

  test('arm64 has nothing of BIOS, and its own name for the program', () => {
    const chosen = chooseBootFiles({ image: bothSets }, { ...X64, architecture: 'arm64', pressAnyKey: true });
    expect(chosen.elTorito).toEqual({ uefi: 'efi/microsoft/boot/efisys.bin' });
    expect(chosen.files.map(({ path }) => path).filter((path) => !path.startsWith('efi/microsoft/'))).toEqual([
      'boot/boot.sdi',
      'efi/boot/bootaa64.efi',
      'bootmgr.efi',
    ]);
  });

  test('a German image has its El Torito images under its own language', () => {
    const german = [...IMAGE_BOOT_FILES].map((path) => path.replace('en-US', 'de-DE'));
    const chosen = chooseBootFiles({ image: bootTree('boot.wim', german) }, X64);
    expect(sourceOf(chosen, chosen.elTorito.uefi)).toBe('image:Windows/Boot/DVD/EFI/de-DE/efisys_noprompt.bin');
  });
});

describe('the newer set is taken only whole', () => {
  test.each(IMAGE_BOOT_FILES_2023.filter((path) => /bootmgfw|noprompt/.test(path)))('not without %s', (path) => {
    const image = bootTree(
      'boot.wim',
      [...IMAGE_BOOT_FILES, ...IMAGE_BOOT_FILES_2023].filter((other) => other !== path),
    );
    const chosen = chooseBootFiles({ image }, X64);
    expect(chosen.set).toBe('2011');
    expect(shown(chosen).filter((line) => line.includes('_EX'))).toEqual([]);
    expect(() => chooseBootFiles({ image }, { ...X64, secureBoot: '2023' })).toThrow(
      expect.objectContaining({
        code: 'BOOT_FILES_NOT_FOUND',
        message: 'boot files signed for Windows UEFI CA 2023 are not in boot.wim',
        lines: [expect.stringContaining(`boot.wim: ${path}`)],
        hint: expect.stringContaining('secureBoot: 2011'),
      }),
    );
  });

  test('not without its fonts', () => {
    const image = bootTree('boot.wim', [
      ...IMAGE_BOOT_FILES,
      ...IMAGE_BOOT_FILES_2023.filter((path) => !path.includes('FONTS_EX')),
    ]);
    expect(chooseBootFiles({ image }, X64).set).toBe('2011');
  });
});

describe('files beside the image', () => {
  const adk = [
    ...MEDIA_BOOT_FILES.filter((path) => !/etfsboot|efisys/.test(path)).map((path) => `amd64/Media/${path}`),
    'amd64/Oscdimg/etfsboot.com',
    ...['efisys', 'efisys_noprompt', 'efisys_EX', 'efisys_noprompt_EX'].map((name) => `amd64/Oscdimg/${name}.bin`),
  ];

  test('the ADK gives what its winpe.wim lacks', () => {
    const chosen = chooseBootFiles({ image: adkImage, media: bootTree('ADK', adk) }, X64);
    expect(chosen.set).toBe('2023');
    expect(sourceOf(chosen, 'boot/bcd')).toBe('media:amd64/Media/boot/bcd');
    expect(sourceOf(chosen, 'boot/etfsboot.com')).toBe('media:amd64/Oscdimg/etfsboot.com');
    expect(sourceOf(chosen, 'efi/boot/bootx64.efi')).toBe('image:Windows/Boot/EFI_EX/bootmgfw_EX.efi');
    expect(sourceOf(chosen, chosen.elTorito.uefi)).toBe('media:amd64/Oscdimg/efisys_noprompt_EX.bin');
  });

  test('a folder of copype, where the firmware files have one of their own', () => {
    const copype = adk.map((path) => path.replace('amd64/Media', 'media').replace('amd64/Oscdimg', 'fwfiles'));
    const chosen = chooseBootFiles(
      { image: adkImage, media: bootTree('copype', copype) },
      { ...X64, secureBoot: '2011' },
    );
    expect(sourceOf(chosen, 'boot/boot.sdi')).toBe('media:media/boot/boot.sdi');
    expect(sourceOf(chosen, chosen.elTorito.uefi)).toBe('media:fwfiles/efisys_noprompt.bin');
  });

  test('an ISO whose plain files are of the newer set counts as that set, and never as the other', () => {
    const media = bootTree('windows.iso', MEDIA_BOOT_FILES);
    const sources = { image: older, media, plainSets: { media: '2023' } } as const;
    const chosen = chooseBootFiles(sources, X64);
    expect(chosen.set).toBe('2023');
    expect(sourceOf(chosen, 'efi/boot/bootx64.efi')).toBe('media:efi/boot/bootx64.efi');
    expect(sourceOf(chosen, chosen.elTorito.uefi)).toBe(`media:${chosen.elTorito.uefi}`);
    expect(sourceOf(chosen, 'efi/microsoft/boot/fonts/wgl4_boot.ttf')).toMatch(/^media:/);
    const asked = chooseBootFiles(sources, { ...X64, secureBoot: '2011' });
    expect(sourceOf(asked, 'efi/boot/bootx64.efi')).toBe('image:Windows/Boot/EFI/bootmgfw.efi');
  });

  test('an image whose plain files are of the newer set is not offered as the older', () => {
    const sources = { image: older, plainSets: { image: '2023' } } as const;
    expect(chooseBootFiles(sources, X64).set).toBe('2023');
    expect(() => chooseBootFiles(sources, { ...X64, secureBoot: '2011' })).toThrow(
      expect.objectContaining({
        message: 'boot files of the older signing set are not in boot.wim',
        hint: expect.stringMatching(/"secureBoot: 2023"/),
      }),
    );
  });
});

test('stores are made where no source has one; boot.stl may be missing', () => {
  const image = bootTree(
    'boot.wim',
    IMAGE_BOOT_FILES.filter((path) => !/BCD|boot\.stl/.test(path)),
  );
  const chosen = chooseBootFiles({ image }, X64);
  expect(sourceOf(chosen, 'boot/bcd')).toBe('made');
  expect(sourceOf(chosen, 'efi/microsoft/boot/bcd')).toBe('made');
  expect(sourceOf(chosen, 'efi/microsoft/boot/boot.stl')).toBeUndefined();
});

test('everything that is missing is named, with every place that was looked at', () => {
  const media = bootTree('a folder', ['readme.txt']);
  expect(() => chooseBootFiles({ image: adkImage, media }, X64)).toThrow(
    expect.objectContaining({
      code: 'BOOT_FILES_NOT_FOUND',
      message: 'boot files are neither in winpe.wim nor in a folder',
      lines: [
        expect.stringMatching(/^boot\/etfsboot\.com: .*winpe\.wim: Windows\/Boot\/DVD\/PCAT.*a folder: fwfiles\/etfs/),
        expect.stringMatching(/^boot\/boot\.sdi: /),
        expect.stringMatching(/^efi\/microsoft\/boot\/efisys_noprompt\.bin: /),
      ],
      hint: expect.stringContaining('a Windows ISO'),
    }),
  );
});
