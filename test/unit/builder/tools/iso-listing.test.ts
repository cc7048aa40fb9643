import { expect, it } from 'vitest';
import { isoListingArgv, parseIsoListing } from '../../../../builder/tools/iso-listing.ts';

const REPORT = `Report layout: xt , Startlba ,   Blocks , Filesize , ISO image path
File data lba:  0 ,       33 ,  2097151 , 4294972296 , '/mediasmith/big.wim'
File data lba:  1 ,  2097184 ,        4 , 4294972296 , '/mediasmith/big.wim'
File data lba:  0 ,       32 ,        0 ,        0 , '/empty'
File data lba:  0 ,       40 ,        1 ,        3 , '/it'"'"'s, two'
El Torito catalog  : 92  1
El Torito cat path : /boot/boot.cat
El Torito images   :   N  Pltf  B   Emul  Ld_seg  Hdpt  Ldsiz         LBA
El Torito boot img :   1  BIOS  y   none  0x0000  0x00      4          93
El Torito boot img :   2  UEFI  y   none  0x0000  0x00  16384       31942
El Torito img path :   1  /boot/grub/i386-pc/eltorito.img
El Torito img opts :   1  boot-info-table grub2-boot-info
El Torito img blks :   2  4096
`;

it('asks xorriso for the places of all files and for what firmware starts', () => {
  expect(isoListingArgv('/a b.iso')).toEqual([
    ...['xorriso', '-no_rc', '-indev', 'stdio:/a b.iso'],
    ...['-find', '/', '-type', 'f', '-exec', 'report_lba', '--', '-report_el_torito', 'plain'],
  ]);
});

it('reads files of several parts, empty ones, and names a shell would quote', () => {
  expect([...parseIsoListing(REPORT).files]).toEqual([
    [
      'mediasmith/big.wim',
      [
        { offset: 33 * 2048, bytes: 4294965248 },
        { offset: 2097184 * 2048, bytes: 7048 },
      ],
    ],
    ['empty', [{ offset: 32 * 2048, bytes: 0 }]],
    ["it's, two", [{ offset: 40 * 2048, bytes: 3 }]],
  ]);
});

it('knows an image that UEFI starts and that is no file; one that is a file is none of those', () => {
  const { startsUnder, hiddenImages } = parseIsoListing(REPORT);
  expect(startsUnder).toEqual(['BIOS', 'UEFI']);
  expect(hiddenImages).toEqual([{ offset: 31942 * 2048, bytes: 4096 * 2048 }]);
  const named = `${REPORT}El Torito img path :   2  /efi/microsoft/boot/efisys.bin\n`;
  expect(parseIsoListing(named).hiddenImages).toEqual([]);
  const withoutBlocks = REPORT.replace(/^El Torito img blks.*\n/m, '');
  expect(parseIsoListing(withoutBlocks).hiddenImages).toEqual([{ offset: 31942 * 2048, bytes: 16384 * 512 }]);
});
