import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeepPlace } from '../content-source.ts';
import type { TargetDisk } from '../platform.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { letterOf } from './volumes.ts';

/** On the disk that is being deployed; gone before the disk starts. */
const DISK_FOLDER = '_mediasmith';

/** A folder on the largest NTFS volume of a disk that has a letter. */
export function largestVolume(host: WinpeHost, { volumes }: TargetDisk): KeepPlace | undefined {
  const [largest] = volumes
    .filter(({ fileSystem, role, noLetter }) => fileSystem === 'ntfs' && role !== 'hidden' && noLetter !== true)
    .sort((a, b) => b.bytes - a.bytes);
  if (largest === undefined) return undefined;
  const folder = join(host.drive(letterOf(largest)), DISK_FOLDER);
  return {
    name: largest.name,
    within: largest.number,
    open: async () => {
      await mkdir(folder, { recursive: true });
      return folder;
    },
    leave: async () => undefined,
    clear: async () => {
      await tryTo(host, () => rm(folder, { recursive: true, force: true }));
    },
  };
}
