import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import type { CpioEntry } from '../../tools/cpio.ts';
import { GRUB_BIOS_FOLDER, makeGrubCore } from '../../tools/grub.ts';
import { DISK_MODULES } from './grub-modules.ts';

/**
 * GRUB's embedded configuration for the deployed disk. It runs without any module that knows `if`: every line is tried in
 * order, and the line after `boot` is reached only when something failed, with GRUB's rescue prompt after it.
 */
const CONFIGURATION = [
  'serial --unit=0 --speed=115200',
  'terminal_output console serial',
  'echo Mediasmith: starting the Windows boot manager',
  'search.file /bootmgr root',
  'ntldr /bootmgr',
  'boot',
  'echo Mediasmith: no Windows boot manager (/bootmgr) could be started from this disk.',
  '',
].join('\n');

/** Everything the chain depends on besides GRUB itself. */
export const DISK_BOOT_RECIPE = [CONFIGURATION, DISK_MODULES];

/**
 * What makes a deployed disk bootable by a BIOS: `boot.img` for the code of sector 0 (its first 440 bytes) and
 * `core.img` for the sectors from 1 on, where it needs some 130 of them before the first partition.
 */
export async function diskBootChainEntries(root: string, workspace: string, exec: Exec): Promise<CpioEntry[]> {
  const configuration = join(workspace, 'disk-grub.cfg');
  const output = join(workspace, 'disk-core.img');
  await writeFile(configuration, CONFIGURATION);
  await makeGrubCore({ root, modules: DISK_MODULES, configuration, output }, exec);
  const boot = await readFile(join(root, GRUB_BIOS_FOLDER, 'boot.img'));
  return [
    { kind: 'file', path: 'usr/lib/mediasmith/bios/boot.img', data: boot },
    { kind: 'file', path: 'usr/lib/mediasmith/bios/core.img', data: await readFile(output) },
  ];
}
