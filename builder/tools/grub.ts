import { join } from 'node:path';
import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { unpackedProgram } from './unpacked-program.ts';

export type GrubCore = {
  root: string;
  modules: readonly string[];
  /** The file whose commands run before anything else. */
  configuration: string;
  output: string;
  /** From a disk or disc unless given, or by PXE. */
  start?: 'disk' | 'pxe';
};

/** Where a Debian root keeps GRUB's modules and boot sectors for a BIOS. */
export const GRUB_BIOS_FOLDER = 'usr/lib/grub/i386-pc';

/** Makes a GRUB core image for a BIOS. */
export async function makeGrubCore(options: GrubCore, exec: Exec): Promise<void> {
  await exec(grubCoreArgv(options));
}

export function grubCoreArgv({ root, modules, configuration, output, start = 'disk' }: GrubCore): Argv {
  return [
    ...unpackedProgram(root, 'usr/bin/grub-mkimage'),
    '--directory',
    join(root, GRUB_BIOS_FOLDER),
    '--format',
    start === 'pxe' ? 'i386-pc-pxe' : 'i386-pc',
    '--prefix',
    '/boot/grub',
    '--config',
    configuration,
    '--output',
    output,
    ...modules,
  ];
}
