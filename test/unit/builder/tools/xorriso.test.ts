import { describe, expect, it } from 'vitest';
import {
  bootableIsoArgv,
  graftPoint,
  hybridBootArgv,
  parsePercent,
  windowsBootArgv,
} from '../../../../builder/tools/xorriso.ts';

it('asks for both El Torito entries, the GPT and a fixed time', () => {
  const argv = bootableIsoArgv({
    label: 'LABEL',
    time: '2026112012000000',
    boot: hybridBootArgv({
      gptGuid: '11111111-2222-4333-8444-555555555555',
      efiImage: '/w/efi.img',
      elToritoPath: 'boot/eltorito.img',
      bootSector: '/r/boot_hybrid.img',
    }),
    last: ['mediasmith/manifest.json'],
    pathList: '/w/paths',
    output: '/w/out.iso',
  });
  expect(argv.join(' ')).toBe(
    [
      'xorriso -no_rc -dvd_obs 64k -pacifier interval=0.1 -as mkisofs -iso-level 3 -J -joliet-long -r -V LABEL --modification-date=2026112012000000',
      '--set_all_file_dates 2026112012000000 --gpt_disk_guid 11111111-2222-4333-8444-555555555555',
      '-b boot/eltorito.img -c boot/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info',
      '--grub2-mbr /r/boot_hybrid.img -partition_offset 16 -partition_cyl_align off --mbr-force-bootable',
      '-iso_mbr_part_type 0x00 -append_partition 2 C12A7328-F81F-11D2-BA4B-00A0C93EC93B /w/efi.img',
      '-appended_part_as_gpt -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot',
      '--sort-weight -1 /mediasmith/manifest.json -o /w/out.iso -graft-points -path-list /w/paths',
    ].join(' '),
  );
});

it("asks for Microsoft's two El Torito entries, and for one where there is no BIOS", () => {
  expect(windowsBootArgv({ bios: 'boot/etfsboot.com', uefi: 'efi/efisys.bin' }).join(' ')).toBe(
    '-b boot/etfsboot.com -no-emul-boot -boot-load-size 8 -c boot/boot.cat -hide boot/boot.cat -hide-joliet boot/boot.cat -eltorito-alt-boot -e efi/efisys.bin -no-emul-boot',
  );
  expect(windowsBootArgv({ uefi: 'efi/efisys.bin' }).join(' ')).toBe(
    '-c boot/boot.cat -hide boot/boot.cat -hide-joliet boot/boot.cat -e efi/efisys.bin -no-emul-boot',
  );
});

describe('graftPoint', () => {
  it('escapes what separates the two sides', () => {
    expect(graftPoint('a=b/c', '/src/x\\y=z')).toBe('/a\\=b/c=/src/x\\\\y\\=z');
  });

  it('refuses a line break', () => {
    expect(() => graftPoint('a\nb', '/src')).toThrow('a line break in a file name');
  });
});

it('reads the progress lines', () => {
  expect(parsePercent('xorriso : UPDATE :  12.34% done, estimate finish Fri Nov 20 12:00:00 2026')).toBe(12.34);
  expect(parsePercent('xorriso : UPDATE : 25 files added in 1 seconds')).toBeUndefined();
});
