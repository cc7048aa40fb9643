import { expect, it } from 'vitest';
import { licenceOf } from '../../../../../builder/boot/linux/licences.ts';
import { kernelOf } from '../../../../../builder/boot/linux/resolve-packages.ts';

it("finds the kernel's own package in the metapackage's record", () => {
  const record =
    'Package: linux-image-amd64\nDepends: linux-image-6.12.117+deb13-amd64 (= 6.12.117-1)\nSection: kernel\n';
  expect(kernelOf(record)).toBe('linux-image-6.12.117+deb13-amd64');
  expect(() => kernelOf('Package: linux-image-amd64\n')).toThrow('no kernel in the record');
});

it('names the licences of a machine-readable copyright file', () => {
  const copyright = [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    'Files: *\nLicense: GPL-2+\n',
    'Files: lib/*\nLicense: LGPL-2.1+\n',
    'License: GPL-2+\n This program is free software',
  ].join('\n');
  expect(licenceOf(copyright)).toBe('GPL-2+, LGPL-2.1+');
  expect(licenceOf('This package is free.\nLicense: GPL\n')).toBeUndefined();
});
