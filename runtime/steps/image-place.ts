import type { ImageKind } from '../contract/image-room.ts';
import type { Partition } from '../platform/partition-table.ts';

type Place = Pick<Partition, 'role' | 'fileSystem' | 'noLetter'>;

/** Why a volume takes no image of this kind, in words that follow "it"; undefined for one that does. Pure. */
export function whyNoPlace(kind: ImageKind, { role, fileSystem, noLetter }: Place): string | undefined {
  if (noLetter === true) return 'is laid out without a drive letter';
  if (kind === 'windows') {
    if (role === 'hidden') return 'is hidden: Windows has no drive letter for it';
    return fileSystem === 'ntfs' ? undefined : 'is not NTFS';
  }
  if (role !== 'primary') return 'is no volume for data';
  return fileSystem === 'none' ? 'has no file system' : undefined;
}
