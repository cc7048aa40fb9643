import { expect, it } from 'vitest';
import { stripArgv } from '../../../../builder/tools/binutils.ts';
import { cpioArgv } from '../../../../builder/tools/cpio.ts';
import { debFieldsArgv } from '../../../../builder/tools/dpkg-deb.ts';
import { grubCoreArgv } from '../../../../builder/tools/grub.ts';
import { depmodArgv } from '../../../../builder/tools/kmod.ts';
import { loadkeysArgv } from '../../../../builder/tools/loadkeys.ts';
import { makeFatVolumeArgv } from '../../../../builder/tools/mkfs-fat.ts';
import { makeFatFoldersArgv } from '../../../../builder/tools/mtools.ts';
import { buildSeaArgv } from '../../../../builder/tools/single-executable.ts';
import { unpackedProgram } from '../../../../builder/tools/unpacked-program.ts';
import { unpackXzArgv } from '../../../../builder/tools/xz.ts';
import type { Argv } from '../../../../runtime/host/exec.ts';

const ROOT = '/root of debian';
const LOADER = unpackedProgram(ROOT, '').slice(0, 3);
const GRUB = { root: ROOT, modules: ['iso9660', 'search'], configuration: '/w/grub.cfg', output: '/w/core.img' };
const MODULES = { root: ROOT, base: '/base', release: '6.12.1' };
const FAT = { root: ROOT, output: '/w/efi.img', bytes: 8 * 1024 ** 2, volumeId: '12AB34CD', label: 'MEDIASMITH' };
const CORE = (format: string) =>
  `usr/bin/grub-mkimage --directory ${ROOT}/usr/lib/grub/i386-pc --format ${format} --prefix /boot/grub --config /w/grub.cfg --output /w/core.img iso9660 search`;

/** What follows the loader of the unpacked root and its libraries. */
it.each<[Argv, string]>([
  [stripArgv({ root: ROOT, program: '/w/node', output: '/w/out' }), 'usr/bin/x86_64-linux-gnu-strip -o /w/out /w/node'],
  [grubCoreArgv(GRUB), CORE('i386-pc')],
  [grubCoreArgv({ ...GRUB, start: 'pxe' }), CORE('i386-pc-pxe')],
  [depmodArgv(MODULES), 'depmod -b /base 6.12.1'],
  [depmodArgv({ ...MODULES, output: '/out' }), 'depmod -b /base --outdir /out 6.12.1'],
  [loadkeysArgv(ROOT), 'usr/bin/loadkeys --quiet --unicode --mktable'],
  [makeFatVolumeArgv(FAT), 'usr/sbin/mkfs.fat --invariant -i 12AB34CD -n MEDIASMITH -C /w/efi.img 8192'],
  [unpackXzArgv(ROOT, ['/a.ko.xz', '/b.xz']), 'usr/bin/xz --decompress --threads=1 -- /a.ko.xz /b.xz'],
])('of the unpacked root: %s', (argv, line) => {
  const [name, program = '', ...words] = argv.slice(4);
  expect(argv.slice(0, 4)).toEqual([...LOADER, '--argv0']);
  expect([name, ...words].join(' ')).toBe(line);
  expect(program).toBe(`${ROOT}/usr/${name === 'depmod' ? 'bin/kmod' : name?.slice('usr/'.length)}`);
});

it.each<[Argv, string]>([
  [
    cpioArgv('/w/tree', '/w/a.cpio'),
    'cpio --create --format=newc --null --reproducible --owner=0:0 --quiet --directory /w/tree -O /w/a.cpio',
  ],
  [
    debFieldsArgv('/a.deb'),
    `dpkg-deb --show --showformat=\${Package}\\t\${Version}\\t\${source:Package}\\t\${source:Version} /a.deb`,
  ],
  [makeFatFoldersArgv('/w/efi.img', ['EFI', 'EFI/BOOT']), 'mmd -i /w/efi.img ::/EFI ::/EFI/BOOT'],
  [buildSeaArgv('/opt/node', '/w/sea.json'), '/opt/node --build-sea /w/sea.json'],
])('of this machine: %s', (argv, line) => {
  expect(argv.join(' ')).toBe(line);
});
