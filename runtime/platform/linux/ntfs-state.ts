import { NTFS_ATTRIBUTES, NTFS_FILES, readNtfsAttribute } from '../ntfs-records.ts';
import { readAt } from '../raw-disk.ts';

/** Of $VOLUME_INFORMATION: a check of the volume is due. */
const FLAGS = { at: 10, dirty: 0x0001 };
/** Of a restart area of $LogFile (the Linux-NTFS project's documentation): nobody has the log open, or it was closed well. */
const NO_CLIENT = 0xffff;
const VOLUME_IS_CLEAN = 0x0002;
const PAGE_BYTES = 4096;

/** Whether the NTFS volume on a device, which is not mounted for writing, was closed well and needs no check. */
export async function isCleanNtfs(device: string): Promise<boolean> {
  const information = await readNtfsAttribute(device, NTFS_FILES.volume, NTFS_ATTRIBUTES.volumeInformation);
  if (((information?.resident?.readUInt16LE(FLAGS.at) ?? 0) & FLAGS.dirty) !== 0) return false;
  const log = await readNtfsAttribute(device, NTFS_FILES.logFile, NTFS_ATTRIBUTES.data);
  if (log?.startBytes === undefined) return true;
  const start = await readAt(device, log.startBytes, 2 * PAGE_BYTES);
  const areas = [start.subarray(0, PAGE_BYTES), start.subarray(PAGE_BYTES)].flatMap(restartArea);
  // An empty log has none: whoever emptied it had nothing to say.
  const [latest] = areas.sort((a, b) => (a.number < b.number ? 1 : -1));
  return latest?.closed ?? true;
}

/** A page that tells where the log begins: there are two, of which the one with the higher number counts. */
function restartArea(page: Buffer): { number: bigint; closed: boolean }[] {
  if (page.toString('latin1', 0, 4) !== 'RSTR') return [];
  const at = page.readUInt16LE(24);
  if (at + 16 > page.length) return [];
  const closed = page.readUInt16LE(at + 12) === NO_CLIENT || (page.readUInt16LE(at + 14) & VOLUME_IS_CLEAN) !== 0;
  return [{ number: page.readBigUInt64LE(at), closed }];
}
