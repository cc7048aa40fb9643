import { readAt } from './raw-disk.ts';

/** The Linux-NTFS project's documentation of NTFS: the first files of every volume, and kinds of attributes. */
export const NTFS_FILES = { logFile: 2, volume: 3 } as const;
export const NTFS_ATTRIBUTES = { volumeName: 0x60, volumeInformation: 0x70, data: 0x80 } as const;

export type NtfsAttribute = {
  /** What lies in the record itself. */
  resident: Buffer | undefined;
  /** Of an attribute that lies elsewhere: where its first run begins, in bytes. */
  startBytes: number | undefined;
};

/** An attribute of one of the first files of the NTFS volume on a device; undefined where the file has none of the kind. */
export async function readNtfsAttribute(
  device: string,
  file: number,
  kind: number,
): Promise<NtfsAttribute | undefined> {
  const boot = await readAt(device, 0, 512);
  const clusterBytes = boot.readUInt16LE(11) * powerOrCount(boot.readInt8(13));
  const size = boot.readInt8(64);
  const recordBytes = size < 0 ? 2 ** -size : size * clusterBytes;
  const table = Number(boot.readBigUInt64LE(48)) * clusterBytes;
  const record = withoutFixups(await readAt(device, table + file * recordBytes, recordBytes));
  for (let at = record.readUInt16LE(20); record.readUInt32LE(at) !== 0xffffffff; at += record.readUInt32LE(at + 4)) {
    if (record.readUInt32LE(at) !== kind) continue;
    if (record.readUInt8(at + 8) !== 0) {
      return { resident: undefined, startBytes: firstRun(record, at + record.readUInt16LE(at + 32)) * clusterBytes };
    }
    const value = at + record.readUInt16LE(at + 20);
    return { resident: record.subarray(value, value + record.readUInt32LE(at + 16)), startBytes: undefined };
  }
  return undefined;
}

/** The cluster the first run of a list begins at: a byte with the sizes of two numbers, how many clusters, and where. */
function firstRun(record: Buffer, at: number): number {
  const sizes = record.readUInt8(at);
  return record.readUIntLE(at + 1 + (sizes & 0xf), sizes >> 4);
}

/** Sectors in a cluster; over 64 as a power of two. */
function powerOrCount(value: number): number {
  return value < 0 ? 2 ** -value : value;
}

/** The last two bytes of each sector lie in a list in the record's head. */
function withoutFixups(record: Buffer): Buffer {
  const list = record.readUInt16LE(4);
  for (let nth = 1; nth < record.readUInt16LE(6); nth++)
    record.copyWithin(nth * 512 - 2, list + 2 * nth, list + 2 * nth + 2);
  return record;
}
