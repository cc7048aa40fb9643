import type { AptSource } from '../../tools/apt.ts';

/** The Debian release the boot environment is made from, whatever the host is. */
export const DEBIAN_SOURCES: readonly AptSource[] = [
  { url: 'http://deb.debian.org/debian', suite: 'trixie' },
  { url: 'http://deb.debian.org/debian', suite: 'trixie-updates' },
  { url: 'http://security.debian.org/debian-security', suite: 'trixie-security' },
];

/** Any of these may hold the release's keys; Debian 12 and 13 name them differently. */
export const DEBIAN_KEYRINGS: readonly string[] = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
  '/usr/share/keyrings/debian-archive-trixie-stable.gpg',
  '/usr/share/keyrings/debian-archive-trixie-automatic.gpg',
  '/usr/share/keyrings/debian-archive-trixie-security-automatic.gpg',
];

/** Depends on the newest signed kernel of the release. */
export const KERNEL_METAPACKAGE = 'linux-image-amd64';

/** Every package besides the kernel. Closed under shared libraries: a library that is missing here stops the build. */
export const DEBIAN_PACKAGES: readonly string[] = [
  ...['shim-signed', 'shim-helpers-amd64-signed', 'grub-efi-amd64-signed', 'grub-pc-bin'],
  ...['busybox-static', 'fdisk', 'util-linux', 'dosfstools', 'ntfs-3g', 'libwim15t64'],
  ...['libc6', 'libc-bin', 'gcc-14-base', 'libgcc-s1', 'libatomic1', 'libstdc++6', 'libfuse3-4', 'libntfs-3g89t64'],
  ...['libfdisk1', 'libblkid1', 'libuuid1', 'libsmartcols1', 'libreadline8t64', 'libtinfo6'],
  // The keyboard and the font of the console: loadkeys, fonts, and the licence of the fonts.
  ...['kbd', 'console-setup-linux', 'keyboard-configuration'],
  // Tools that run on the host out of the unpacked root. ckbcomp is of console-setup, in Perl, and reads xkb-data.
  ...['console-setup', 'xkb-data', 'perl-base', 'libcrypt1'],
  ...['kmod', 'xz-utils', 'grub-common', 'binutils-x86-64-linux-gnu'],
  ...[
    'libkmod2',
    'libssl3t64',
    'libzstd1',
    'zlib1g',
    'liblzma5',
    'binutils-common',
    'libbinutils',
    'libsframe1',
    'libjansson4',
  ],
  ...['libdevmapper1.02.1', 'libudev1', 'libcap2', 'libselinux1', 'libpcre2-8-0'],
];
