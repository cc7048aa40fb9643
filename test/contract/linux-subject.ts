import { appendFile, chmod, open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from '../../runtime/contract/machine.ts';
import { type Argv, type Exec, exec } from '../../runtime/host/exec.ts';
import { linuxPlatform } from '../../runtime/platform/linux/index.ts';
import type { TargetDisk } from '../../runtime/platform/platform.ts';
import { kernelTree } from '../helpers/kernel-tree.ts';
import { aDisk } from '../helpers/machine.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import type { PlatformSubject } from './platform-suite.ts';

const MIB = 1024 ** 2;
const DISK_BYTES = 512 * MIB;
const CLAIM = { offset: MIB - 4096, bytes: 4096, pattern: /^MEDIASMITH DEPLOYMENT IN PROGRESS\n([0-9a-f-]+)\n/ };
const OLD_TEXT = 'somebody was here';
const ACTIVE = { offset: 446, value: 0x80 };

/** Mounting is a link to a folder that stands for the file system: the last two arguments are the device and the place. */
const MOUNT = `
for place; do device=$last; last=$place; done
mkdir -p "$device.files"
rmdir "$place" && ln -s "$device.files" "$place"
`;

/** Programs that note how they were called, and do as much of their work as a test can see. */
const PROGRAMS = {
  sfdisk: `
for disk; do :; done
dd if="$disk" bs=4096 skip=255 count=1 2>/dev/null | tr -d '\\0' >"$NOTES/claim.$$"
test ! -e "$NOTES/sfdisk-fails" || { echo 'cannot open' >&2; exit 1; }
number=0
while read -r line; do
  case $line in
    start=*) number=$((number + 1)); : >"$disk$number" ;;
  esac
done
`,
  'mkfs.fat': `for device; do :; done; echo "$device fat32" >>"$NOTES/formatted"`,
  mkntfs: `for device; do :; done; echo "$device ntfs" >>"$NOTES/formatted"`,
  ntfsresize: '',
  ntfsfix: '',
  mount: MOUNT,
  'ntfs-3g': MOUNT,
  umount: 'rm "$1" && mkdir "$1"',
  sync: '',
} as const;

/**
 * The Linux adaptor over a file for a disk, folders for the kernel's, and scripts for the programs. `onRun`: told of each
 * program before it runs, with what it reads.
 */
export async function linuxSubject(onRun: (argv: Argv, input: string) => void = () => {}): Promise<PlatformSubject> {
  const attributes = { size: `${DISK_BYTES / 512}\n`, removable: '0\n', ro: '0\n' };
  const roots = await kernelTree([{ name: 'sda', place: 'pci0000:00/ata1/host0', attributes }]);
  const folder = await temporaryFolder();
  const disk = aDisk({ device: join(roots.dev, 'sda'), bytes: DISK_BYTES, bus: 'ata' });
  await writeFile(disk.device, OLD_TEXT);
  await truncate(disk.device, DISK_BYTES);
  await writeFiles(folder, {
    'bios/boot.img': 'B'.repeat(512),
    'bios/core.img': 'C'.repeat(2048),
    'notes/formatted': '',
  });
  const notes = join(folder, 'notes');
  const scripted = await scriptedPrograms(folder, notes);
  return {
    platform: linuxPlatform({
      exec: (argv, options) => {
        onRun(argv, String(options?.input ?? ''));
        return scripted(argv, options);
      },
      bootCodeFolder: join(folder, 'bios'),
      roots,
    }),
    disk,
    claim: () => readClaim(disk),
    claimsAtPartitioning: async () => {
      const names = (await readdir(notes)).filter((name) => name.startsWith('claim.'));
      return Promise.all(names.map(async (name) => CLAIM.pattern.exec(await readFile(join(notes, name), 'utf8'))?.[1]));
    },
    formatted: async () => (await readFile(join(notes, 'formatted'), 'utf8')).split('\n').filter(Boolean),
    isUntouched: async () => (await readAt(disk, 0, OLD_TEXT.length)).toString() === OLD_TEXT,
    occupy: () => appendFile(join(roots.proc, 'mounts'), `${disk.device}1 /home ext4 rw 0 0\n`),
    breakPartitioning: () => writeFile(join(notes, 'sfdisk-fails'), ''),
    startable: (target) => startable(disk, target),
  };
}

async function scriptedPrograms(folder: string, notes: string): Promise<Exec> {
  const bin = join(folder, 'bin');
  for (const [name, script] of Object.entries(PROGRAMS)) {
    await writeFiles(bin, { [name]: `#!/bin/sh\nset -e\n${script}\n` });
    await chmod(join(bin, name), 0o755);
  }
  const env = { PATH: `${bin}:/usr/bin:/bin`, NOTES: notes };
  return (argv, options) => exec(argv, { ...options, env: { ...options?.env, ...env } });
}

async function readClaim(disk: Disk): Promise<string | undefined> {
  return CLAIM.pattern.exec((await readAt(disk, CLAIM.offset, CLAIM.bytes)).toString('latin1'))?.[1];
}

/** UEFI starts files of two names, BIOS the code of a first sector whose table has an active partition. */
async function startable(disk: Disk, { style, volumes }: TargetDisk): Promise<string[]> {
  if (style === 'mbr') {
    const sector = await readAt(disk, 0, 512);
    return sector[0] === 'B'.charCodeAt(0) && sector[ACTIVE.offset] === ACTIVE.value ? ['first sector'] : [];
  }
  const files = await readdir(`${volumes[0]?.device}.files`, { recursive: true });
  return files.filter((path) => /(^|\/)boot(mgfw|x64)\.efi$/i.test(path)).sort();
}

async function readAt(disk: Disk, offset: number, length: number): Promise<Buffer> {
  const file = await open(disk.device, 'r');
  try {
    return (await file.read(Buffer.alloc(length), 0, length, offset)).buffer;
  } finally {
    await file.close();
  }
}
