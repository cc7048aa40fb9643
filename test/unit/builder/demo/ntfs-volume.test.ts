import { expect, it } from 'vitest';
import { mkntfsArgv, ntfs3gArgv } from '../../../../builder/demo/ntfs-volume.ts';

it.each([
  [mkntfsArgv('/w/volume'), 'mkntfs -F -Q -q -T -L Windows /w/volume'],
  [ntfs3gArgv('/w/volume', '/mnt'), 'ntfs-3g -o no_detach,noatime,big_writes,streams_interface=xattr /w/volume /mnt'],
])('%s', (argv, line) => {
  expect(argv.join(' ')).toBe(line);
});
