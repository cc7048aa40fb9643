import { execFileSync } from 'node:child_process';
import { mkdir, open, readFile, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Exec, exec } from '../../runtime/host/exec.ts';
import { linuxPlatform } from '../../runtime/platform/linux/index.ts';
import { mountVolume } from '../../runtime/platform/linux/mount.ts';
import type { MountedVolume, Platform } from '../../runtime/platform/platform.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { kernelTree } from './kernel-tree.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

const MIB = 1024 ** 2;
const SECTOR = 512;

export type WindowsDisk = {
  platform: Platform;
  /** Its image. */
  device: string;
  /** The folder that stands for the EFI system volume: this kernel need not know FAT. */
  system: string;
  /** The block device of the Windows volume. */
  windows: string;
  /** For whatever else runs programs. */
  exec: Exec;
  mount: (access: 'read' | 'write') => Promise<MountedVolume>;
};

/** A disk with a Windows of an image as its own setup leaves it: real NTFS on a loop device, GPT by sfdisk. */
export async function windowsDisk(wim: string, index: number, wish: { windowsMib: number }): Promise<WindowsDisk> {
  const [systemMib, reservedMib] = [40, 16];
  const bytes = (systemMib + reservedMib + wish.windowsMib + 4) * MIB;
  const attributes = { size: `${bytes / SECTOR}\n`, removable: '0\n', ro: '0\n', 'queue/logical_block_size': '512\n' };
  const roots = await kernelTree([{ name: 'sda', place: 'pci0000:00/ata1/host0', attributes, partitions: [1, 2, 3] }]);
  const device = join(roots.dev, 'sda');
  await using file = await open(device, 'w');
  await file.truncate(bytes);
  const table = [
    'label: gpt',
    `start=${MIB / SECTOR}, size=${(systemMib * MIB) / SECTOR}, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B`,
    `size=${(reservedMib * MIB) / SECTOR}, type=E3C9E316-0B5C-4DB8-817D-F92DF00215AE`,
    `size=${(wish.windowsMib * MIB) / SECTOR}, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, name="Basic data partition"`,
  ];
  await exec(['sfdisk', '--quiet', device], { input: `${table.join('\n')}\n` });
  for (const number of [1, 2, 3]) await attachPartition(device, number);
  await exec(['mkfs.fat', '-F', '32', `${device}1`]);
  await exec(['mkntfs', '-F', '-Q', '-q', `${device}3`]);
  using image = await WimFile.open(wim);
  await image.applyToNtfsVolume(index, `${device}3`);
  const folder = await temporaryFolder();
  const system = join(folder, 'system');
  await mkdir(system);
  const run = withFatAsFolder(system);
  await writeFiles(folder, { 'bios/boot.img': 'B'.repeat(512), 'bios/core.img': 'C'.repeat(2048) });
  const loader = await readWindowsFile(`${device}3`, 'Windows/Boot/EFI/bootmgfw.efi', run);
  await writeFiles(system, {
    'EFI/Microsoft/Boot/bootmgfw.efi': loader,
    'EFI/Microsoft/Boot/BCD': 'the old store',
    'EFI/Boot/bootx64.efi': loader,
    'EFI/ubuntu/shimx64.efi': 'another system',
  });
  return {
    platform: linuxPlatform({ exec: run, bootCodeFolder: join(folder, 'bios'), roots }),
    ...{ device, system, windows: `${device}3`, exec: run },
    mount: (access) => mountVolume(run, 'ntfs', `${device}3`, access),
  };
}

/** Shows a partition of a disk in a file as the kernel would, for as long as the test runs. */
export async function attachPartition(device: string, number: number): Promise<void> {
  const { stdout } = await exec(['sfdisk', '--json', device]);
  const { start, size } = JSON.parse(stdout).partitiontable.partitions[number - 1];
  const place = ['--offset', String(start * SECTOR), '--sizelimit', String(size * SECTOR)];
  const loop = execFileSync('losetup', ['--find', '--show', ...place, device], { encoding: 'utf8' }).trim();
  onTestFinished(() => void execFileSync('losetup', ['--detach', loop]));
  await rm(`${device}${number}`, { force: true });
  await symlink(loop, `${device}${number}`);
}

/** Mounting FAT is a link to the folder. */
function withFatAsFolder(system: string): Exec {
  const linked = new Set<string>();
  return async (argv, options) => {
    const place = argv.at(-1) ?? '';
    if (argv[0] === 'mount' && argv.includes('vfat')) {
      await rmdir(place);
      await symlink(system, place);
      linked.add(place);
    } else if (argv[0] === 'umount' && linked.delete(place)) {
      await unlink(place);
      await mkdir(place);
    } else return exec(argv, options);
    return { exitCode: 0, stdout: '', stderr: '' };
  };
}

async function readWindowsFile(device: string, path: string, run: Exec): Promise<Buffer> {
  await using mounted = await mountVolume(run, 'ntfs', device, 'read');
  return readFile(join(mounted.path, path));
}

/** Copies the Windows volume as it is now: nothing else of this process runs meanwhile. */
export function copyVolume({ windows }: WindowsDisk, file: string): void {
  execFileSync('dd', [`if=${windows}`, `of=${file}`, 'bs=1M', 'conv=sparse', 'status=none']);
}
