import { SECTOR } from '../stick/partition-table.ts';
import type { BlockDevice } from '../tools/lsblk.ts';

/** A whole disk with everything the decision about it takes. */
export type DiskFacts = {
  disk: BlockDevice;
  /** Its partitions, and whatever is laid over it or them. */
  above: readonly BlockDevice[];
  /** Of a card in an mmc host, what the kernel calls it: SD, MMC; else empty. */
  cardType: string;
};

/** Swap, the places of a running system, and those where live systems mount the stick they run from. */
const SYSTEM_PLACE =
  /^(\[SWAP\]|\/|\/(boot|efi|usr|etc|var|home|nix|sysroot|cdrom|lib\/live|run\/(live|initramfs|archiso))(\/.*)?)$/;

/**
 * Why a disk may not be written, or null. What nobody should mend stands alone. Pure, and stricter than the kernel's
 * marks: a board calls internal disks on its hot-plug ports removable, and a fixed disk on USB is likely a backup.
 */
export function refusalOf(facts: DiskFacts, all: readonly DiskFacts[]): string | null {
  const mountPoints = mountPointsOf(facts);
  const never = systemReason(mountPoints) ?? removableReason(facts);
  if (never !== undefined) return never;
  const reasons = [
    stackedReason(facts),
    mountedReason(mountPoints),
    mediumReason(facts.disk),
    serialReason(facts.disk, all),
  ].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? null : reasons.join('; ');
}

/** A stick, or a card in a reader. The kernel calls no card of an mmc host removable, so its type decides there. */
export function isRemovable({ disk, cardType }: DiskFacts): boolean {
  if (busOf(disk) === 'usb') return disk.removable;
  return busOf(disk) === 'mmc' && cardType === 'SD';
}

/** Where it is mounted, through its partitions and all that is laid over them as well. */
export function mountPointsOf({ disk, above }: DiskFacts): string[] {
  return [...new Set([disk, ...above].flatMap(({ mountPoints }) => mountPoints))];
}

function busOf({ transport, subsystems, kernelName }: BlockDevice): string {
  if (transport !== '') return transport;
  if (kernelName.startsWith('mmcblk')) return 'mmc';
  return ['usb', 'nvme', 'virtio', 'scsi'].find((name) => subsystems.includes(name)) ?? 'an unknown bus';
}

function systemReason(mountPoints: readonly string[]): string | undefined {
  const places = mountPoints.filter((place) => SYSTEM_PLACE.test(place));
  return places.length === 0 ? undefined : `the running system lies on it (${places.join(', ')})`;
}

function removableReason(facts: DiskFacts): string | undefined {
  if (isRemovable(facts)) return undefined;
  const bus = busOf(facts.disk);
  if (bus === 'usb') return 'it is a fixed disk on USB; only sticks and cards, which are removable disks, are written';
  if (bus === 'mmc') return 'it is built in (eMMC); only removable disks are written';
  return `it is attached by ${bus}; only removable disks on USB and cards in a reader are written`;
}

function stackedReason({ above }: DiskFacts): string | undefined {
  const stacked = above.filter(({ type }) => type !== 'part').map(({ type, path }) => `${type} ${path}`);
  return stacked.length === 0 ? undefined : `it is in use by ${[...new Set(stacked)].join(', ')}`;
}

function mountedReason(mountPoints: readonly string[]): string | undefined {
  return mountPoints.length === 0 ? undefined : `it is mounted at ${mountPoints.join(', ')}`;
}

/** A partition table counts in the sectors of its disk: with others nobody would find the volumes. */
function mediumReason({ bytes, sectorBytes, readOnly }: BlockDevice): string | undefined {
  if (bytes === 0) return 'there is no card or disk in it';
  if (sectorBytes > SECTOR) return `its sectors have ${sectorBytes} bytes; only disks with ${SECTOR} are written`;
  return readOnly ? 'it is read-only; some sticks and cards have a switch for that' : undefined;
}

/** Empty slots of a reader share their serial with the one that has a card, and confuse nobody. */
function serialReason(disk: BlockDevice, all: readonly DiskFacts[]): string | undefined {
  if (disk.serial === '' || disk.bytes === 0) return undefined;
  const twins = all
    .map((other) => other.disk)
    .filter((other) => other.path !== disk.path && other.serial === disk.serial && other.bytes > 0);
  if (twins.length === 0) return undefined;
  return `its serial is also that of ${twins.map(({ path }) => path).join(', ')}; take all but one of them out`;
}
