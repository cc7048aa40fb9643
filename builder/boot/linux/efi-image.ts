import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import { fatVolumeId, identityTime, isoUuid, type MediumIdentity } from '../../iso-identity.ts';
import { makeFatVolume } from '../../tools/mkfs-fat.ts';
import { copyIntoFat } from '../../tools/mtools.ts';
import { efiBootFiles } from './boot-tree.ts';
import { GRUB_CONFIG_PATH } from './grub-config.ts';
import type { LinuxBootEnvironment } from './prepare.ts';

const MIB = 1 << 20;
/** Under it mkfs.fat chooses clusters so small that some firmware refuses the volume. */
const SMALLEST = 8 * MIB;
const SPARE = 2 * MIB;

/**
 * The EFI system partition of our medium, made without mounting anything: the signed boot chain, and a GRUB
 * configuration that finds the medium by its UUID. Returns the path, a file in `workspace`.
 */
export async function makeEfiImage(
  options: { environment: LinuxBootEnvironment; identity: MediumIdentity; workspace: string },
  exec: Exec,
): Promise<string> {
  const { environment, identity, workspace } = options;
  const image = join(workspace, 'efi.img');
  const configuration = join(workspace, 'efi-grub.cfg');
  await writeFile(configuration, efiGrubConfig(isoUuid(identity)));
  const files = efiBootFiles(environment).set(GRUB_CONFIG_PATH, configuration);
  let bytes = SPARE;
  for (const source of files.values()) bytes += (await stat(source)).size;
  await rm(image, { force: true });
  await makeFatVolume(
    {
      root: environment.root,
      output: image,
      bytes: Math.max(SMALLEST, Math.ceil(bytes / MIB) * MIB),
      volumeId: fatVolumeId(identity),
      label: 'MEDIASMITH',
    },
    exec,
  );
  await copyIntoFat(image, files, identityTime(identity), exec);
  return image;
}

/** The first configuration the signed GRUB reads, on the partition it was started from. */
function efiGrubConfig(uuid: string): string {
  return [
    `if search --no-floppy --fs-uuid --set=root ${uuid}; then`,
    '  set prefix=($root)/boot/grub',
    '  configfile $prefix/grub.cfg',
    'else',
    `  echo 'Mediasmith: the medium with the UUID ${uuid} is not there.'`,
    '  sleep 30',
    '  reboot',
    'fi',
    '',
  ].join('\n');
}
