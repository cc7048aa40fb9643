import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import { isoUuid, type MediumIdentity } from '../../iso-identity.ts';
import { GRUB_BIOS_FOLDER, makeGrubCore } from '../../tools/grub.ts';
import { MEDIUM_MODULES } from './grub-modules.ts';

/** What a BIOS starts: from a CD the El Torito image, from a stick the code in the medium's first sector. */
export type BiosImages = { elTorito: string; bootSector: string };

/** GRUB for a BIOS, which finds the medium by its UUID. `root` holds the unpacked packages; the image lies in `workspace`. */
export async function makeBiosImages(
  options: { root: string; identity: MediumIdentity; workspace: string },
  exec: Exec,
): Promise<BiosImages> {
  const { root, identity, workspace } = options;
  const configuration = join(workspace, 'bios-grub.cfg');
  const core = join(workspace, 'bios-core.img');
  const elTorito = join(workspace, 'eltorito.img');
  await writeFile(configuration, biosGrubConfig(isoUuid(identity)));
  await makeGrubCore({ root, modules: MEDIUM_MODULES, configuration, output: core }, exec);
  const start = await readFile(join(root, GRUB_BIOS_FOLDER, 'cdboot.img'));
  await writeFile(elTorito, Buffer.concat([start, await readFile(core)]));
  return { elTorito, bootSector: join(root, GRUB_BIOS_FOLDER, 'boot_hybrid.img') };
}

/** Embedded in the core image; GRUB goes on with `$prefix/grub.cfg` by itself. */
function biosGrubConfig(uuid: string): string {
  return `search.fs_uuid ${uuid} root\nset prefix=($root)/boot/grub\n`;
}
