import { createHash } from 'node:crypto';
import { uuidFrom } from '../uuid-from.ts';

/** data: what Windows shows. boot: what firmware starts. core: GRUB for a BIOS, on a GPT disk only. */
export type PartitionRole = 'data' | 'boot' | 'core';

/** The names a stick has for its disk, its partitions and its volumes: drawn from the medium's id, the same each time. */
export type StickIdentity = {
  diskSignature: number;
  diskGuid: string;
  partitionGuid: (role: PartitionRole) => string;
  /** Eight hexadecimal digits: the serial number of a volume. */
  volumeId: (role: PartitionRole) => string;
  /** Seconds since 1970, of every entry: another medium has another time, so that programs that compare times see it. */
  time: number;
};

/** What FAT and every program that shows it take for a date. */
const TIMES = { from: Date.UTC(2000, 0) / 1000, to: Date.UTC(2036, 0) / 1000 };

export function stickIdentity(mediumId: string): StickIdentity {
  const digest = (what: string): Buffer => createHash('sha256').update(`${mediumId} ${what}`).digest();
  return {
    // Windows takes 0 for "none".
    diskSignature: digest('disk').readUInt32LE(0) || 1,
    diskGuid: uuidFrom(digest('disk').subarray(0, 16)),
    partitionGuid: (role) => uuidFrom(digest(role).subarray(0, 16)),
    volumeId: (role) => digest(role).toString('hex', 16, 20),
    // FAT counts pairs of seconds.
    time: TIMES.from + (digest('time').readUInt32LE(0) % ((TIMES.to - TIMES.from) / 2)) * 2,
  };
}
