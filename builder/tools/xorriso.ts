import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { type IsoListing, type IsoPart, isoListingArgv, parseIsoListing } from './iso-listing.ts';

export type BootableIso = {
  label: string;
  /** `YYYYMMDDhhmmsscc`: the time of the volume and of everything on it. */
  time: string;
  /** The switches that say how it starts. */
  boot: readonly string[];
  /** A file with one graft point per line. */
  pathList: string;
  /** Paths whose content comes behind all other content. */
  last: readonly string[];
  /** A file, or a pipe: it is written from its beginning to its end. */
  output: string;
};

/** Nothing of the caller's: every time on a medium is given explicitly, and a strange SOURCE_DATE_EPOCH is an error. */
const ENVIRONMENT = { LC_ALL: 'C.UTF-8', TZ: 'UTC', SOURCE_DATE_EPOCH: '0' };

/** Writes an ISO. `onPercent` is told how far it is. */
export async function writeBootableIso(
  options: BootableIso,
  exec: Exec,
  onPercent: (percent: number) => void,
): Promise<void> {
  const onLine = (line: string): void => {
    const percent = parsePercent(line);
    if (percent !== undefined) onPercent(percent);
  };
  await exec(bootableIsoArgv(options), { env: ENVIRONMENT, onLine });
}

/** The switches and their reasons: reference of xorriso's mkisofs emulation. Level 3: files over 4 GiB in several extents. */
export function bootableIsoArgv(options: BootableIso): Argv {
  return [
    'xorriso',
    // Nobody's own settings: they would end up on the medium.
    '-no_rc',
    // The largest piece it writes at a time, and what a pipe holds.
    ...['-dvd_obs', '64k'],
    // It looks only so often, in seconds, whether it has ended, and says how far it is.
    ...['-pacifier', 'interval=0.1'],
    ...['-as', 'mkisofs', '-iso-level', '3', '-J', '-joliet-long', '-r', '-V', options.label],
    `--modification-date=${options.time}`,
    ...['--set_all_file_dates', options.time],
    ...options.boot,
    ...options.last.flatMap((path) => ['--sort-weight', '-1', `/${path}`]),
    ...['-o', options.output, '-graft-points', '-path-list', options.pathList],
  ];
}

/**
 * GRUB for a BIOS and the EFI system partition, from a CD and from a stick (GNU xorriso's notes on hybrid media).
 * `efiImage` is the FAT image that becomes the EFI system partition and the UEFI El Torito entry, `elToritoPath` the path
 * on the medium of the BIOS El Torito image, `bootSector` GRUB's code for the first sector.
 */
export function hybridBootArgv(options: {
  gptGuid: string;
  efiImage: string;
  elToritoPath: string;
  bootSector: string;
}): string[] {
  return [
    ...['--gpt_disk_guid', options.gptGuid],
    ...['-b', options.elToritoPath, '-c', 'boot/boot.cat', '-no-emul-boot'],
    ...['-boot-load-size', '4', '-boot-info-table', '--grub2-boot-info'],
    ...['--grub2-mbr', options.bootSector],
    ...['-partition_offset', '16', '-partition_cyl_align', 'off', '--mbr-force-bootable', '-iso_mbr_part_type', '0x00'],
    ...['-append_partition', '2', 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', options.efiImage, '-appended_part_as_gpt'],
    ...['-eltorito-alt-boot', '-e', '--interval:appended_partition_2:all::', '-no-emul-boot'],
  ];
}

/**
 * Microsoft's two El Torito entries, as oscdimg makes them: `bios` (etfsboot.com, 8 sectors, platform 0x00) and `uefi`
 * (efisys.bin, platform 0xEF), both paths on the medium. No boot info table: it would overwrite code of etfsboot.com.
 */
export function windowsBootArgv({ bios, uefi }: { bios?: string; uefi: string }): string[] {
  const catalog = ['-c', 'boot/boot.cat', '-hide', 'boot/boot.cat', '-hide-joliet', 'boot/boot.cat'];
  const efi = ['-e', uefi, '-no-emul-boot'];
  if (bios === undefined) return [...catalog, ...efi];
  return ['-b', bios, '-no-emul-boot', '-boot-load-size', '8', ...catalog, '-eltorito-alt-boot', ...efi];
}

/** One line of a path list. Throws for a name that such a list cannot hold. */
export function graftPoint(path: string, source: string): string {
  const line = `/${escaped(path)}=${escaped(source)}`;
  if (/[\n\0]/.test(line)) throw new Error(`a line break in a file name: ${JSON.stringify(line)}`);
  return line;
}

/** The per cent of a line such as `xorriso : UPDATE :  12.34% done, estimate finish ...`. */
export function parsePercent(line: string): number | undefined {
  const match = /UPDATE :\s+(\d+(?:\.\d+)?)% done/.exec(line);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function escaped(name: string): string {
  return name.replace(/[\\=]/g, '\\$&');
}

/** Where each file of an ISO lies. `TOOL_FAILED` where its tables cannot be read. */
export async function listIso(iso: string, exec: Exec, signal?: AbortSignal): Promise<IsoListing> {
  const { stdout } = await exec(isoListingArgv(iso), { env: ENVIRONMENT, ...(signal !== undefined && { signal }) });
  return parseIsoListing(stdout);
}

/** Finds files, each in one part, inside an ISO. Paths without a leading slash; those that are not there are left out. */
export async function locateInIso(iso: string, paths: readonly string[], exec: Exec): Promise<Map<string, IsoPart>> {
  const { files } = await listIso(iso, exec);
  return new Map(
    paths.flatMap((path) => {
      const [only, ...others] = files.get(path) ?? [];
      return only === undefined || others.length > 0 ? [] : [[path, only] as const];
    }),
  );
}
