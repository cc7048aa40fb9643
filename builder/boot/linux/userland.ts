import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Exec } from '../../../runtime/host/exec.ts';
import type { CpioEntry } from '../../tools/cpio.ts';
import { sharedLibraries } from '../../tools/unpacked-program.ts';
import { ALWAYS_LOADED } from './kernel-modules.ts';

const PROGRAMS = [
  ...['usr/sbin/sfdisk', 'usr/sbin/mkfs.fat', 'usr/sbin/mkntfs', 'usr/sbin/ntfsresize'],
  ...['usr/bin/ntfs-3g', 'usr/bin/ntfsfix', 'usr/bin/partx', 'usr/bin/loadkeys'],
];
/** libwim, which the runtime loads by name, and what Node's executable names. */
const LIBRARIES = [
  ...['libwim.so.15', 'libstdc++.so.6', 'libgcc_s.so.1', 'libatomic.so.1'],
  ...['libm.so.6', 'libdl.so.2', 'libpthread.so.0'],
].map((name) => `usr/lib/x86_64-linux-gnu/${name}`);
/** Needs no loader and no library. */
const BUSYBOX = 'usr/bin/busybox';
/** Without it the tools cannot read a volume label that is not ASCII. */
const CHARACTER_TYPES = 'usr/lib/locale/C.utf8/LC_CTYPE';

/** Latin letters with every accent, Greek and Cyrillic; the kernel's own font has those of Western Europe. */
const FONT = 'usr/share/consolefonts/Uni2-Fixed16.psf.gz';

const LINKS: Record<string, string> = {
  bin: 'usr/bin',
  sbin: 'usr/sbin',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  'usr/lib64/ld-linux-x86-64.so.2': '../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  'etc/mtab': '../proc/self/mounts',
};
const FOLDERS = ['dev', 'proc', 'sys', 'run', 'tmp', 'mnt', 'root'];
const ACCOUNTS = 'root:x:0:0:root:/root:/bin/sh\n';

/** Everything the user land depends on besides the packages and the init template. */
export const USERLAND_RECIPE = [PROGRAMS, LIBRARIES, CHARACTER_TYPES, FONT, LINKS, FOLDERS, ACCOUNTS];

/** Programs, libraries and the frame of folders, out of the unpacked packages; `init` is the text of the first program. */
export async function userlandEntries(root: string, init: string, exec: Exec): Promise<CpioEntry[]> {
  const libraries = await sharedLibraries(root, [...PROGRAMS, ...LIBRARIES], exec);
  const files = [BUSYBOX, CHARACTER_TYPES, ...PROGRAMS, ...LIBRARIES, ...libraries];
  return [
    ...FOLDERS.map((path) => ({ kind: 'folder' as const, path })),
    ...Object.entries(LINKS).map(([path, target]) => ({ kind: 'link' as const, path, target })),
    textFile('init', init, true),
    textFile('etc/passwd', ACCOUNTS),
    { kind: 'file', path: 'usr/lib/mediasmith/console.psf', data: gunzipSync(await readFile(join(root, FONT))) },
    textFile('etc/mediasmith-modules', `${ALWAYS_LOADED.join('\n')}\n`),
    ...(await Promise.all([...new Set(files)].map((path) => fileEntry(root, path)))),
  ];
}

export function textFile(path: string, text: string, executable = false): CpioEntry {
  return { kind: 'file', path, executable, data: Buffer.from(text) };
}

async function fileEntry(root: string, path: string): Promise<CpioEntry> {
  return { kind: 'file', path, executable: true, data: await readFile(join(root, path)) };
}
