import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { fromFile, fromText, type MediaTree } from '../../media-tree.ts';
import { GRUB_BIOS_FOLDER, makeGrubCore } from '../../tools/grub.ts';
import { BOOTMGR_MODULES, MEDIUM_MODULES } from './grub-modules.ts';

/** What GRUB goes on with: the boot menu of our Linux, or Microsoft's boot manager. */
export type StickStart = 'linux' | 'bootmgr';

/**
 * GRUB for a BIOS that starts a stick, as files every medium carries: whoever writes a stick puts their bytes into its
 * sectors. It knows the medium by a file named after its id, which must lie on the volume the machine starts from, and
 * so works on volumes of any serial number. `root` holds the unpacked packages; the core lies in `workspace`.
 */
export async function stickBiosFiles(
  options: { root: string; mediumId: string; start: StickStart; workspace: string },
  exec: Exec,
): Promise<MediaTree> {
  const { root, mediumId, start, workspace } = options;
  const configuration = join(workspace, 'stick-grub.cfg');
  const core = join(workspace, 'stick-core.img');
  const modules = start === 'linux' ? MEDIUM_MODULES : BOOTMGR_MODULES;
  await writeFile(configuration, stickGrubConfig(start, mediumId));
  await makeGrubCore({ root, modules, configuration, output: core }, exec);
  return new Map([
    [biosMarker(mediumId), fromText(`${mediumId}\n`)],
    [MEDIUM_PATHS.biosBootSector, fromFile(join(root, GRUB_BIOS_FOLDER, 'boot.img'))],
    [MEDIUM_PATHS.biosCore, fromFile(core)],
  ]);
}

/** Where the file lies that GRUB knows the medium by. */
function biosMarker(mediumId: string): string {
  return `${MEDIUM_PATHS.bios}/${mediumId}`;
}

/**
 * Embedded in the core. With `normal` in it GRUB goes on with `$prefix/grub.cfg` by itself; without, every line is tried
 * in order, and the line after `boot` is reached only when something failed.
 */
function stickGrubConfig(start: StickStart, mediumId: string): string {
  const search = `search.file /${biosMarker(mediumId)} root`;
  if (start === 'linux') return `${search}\nset prefix=($root)/boot/grub\n`;
  return [
    'serial --unit=0 --speed=115200',
    'terminal_output console serial',
    'echo Mediasmith: starting the Windows boot manager',
    search,
    'ntldr /bootmgr',
    'boot',
    'echo Mediasmith: /bootmgr could not be started from this medium.',
    '',
  ].join('\n');
}

/** What the bytes of the core depend on besides GRUB itself and the medium. */
export const BOOTMGR_RECIPE = [BOOTMGR_MODULES, stickGrubConfig('bootmgr', '')];
