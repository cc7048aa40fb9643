import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { SPLIT_CONTENT } from './plan-content.ts';
import type { PlannedWim } from './plan-wims.ts';
import type { PlannedFile } from './planned-file.ts';

/** More than a directory record of ISO 9660 can say of one extent; FAT32 ends one byte before. */
const FOUR_GIB = 4 * 1024 ** 3;

/** How files over 4 GiB are stored, and what is divided for discs. */
export function largeFileNotes(files: readonly PlannedFile[], wims: readonly PlannedWim[]): string[] {
  const dividedFor = new Map(
    wims.flatMap(({ path, partBytes }) => (partBytes === undefined ? [] : [[path, partBytes]])),
  );
  return files.flatMap(({ path, bytes, how, partBytes: most, partSizes = [bytes] }) => {
    if (most !== undefined)
      return [`${path} may be too large for one file: ${SPLIT_CONTENT} and further parts of ${formatBytes(most)} then`];
    const partBytes = dividedFor.get(path);
    if (partBytes !== undefined)
      return [`${path} is larger than a disc: split into parts of ${formatBytes(partBytes)}`];
    if (partSizes.every((size) => size < FOUR_GIB)) return [];
    if (how === 'split') return [`${path} may be over 4 GiB: split into parts that FAT32 can hold`];
    return [`${path} may be over 4 GiB: one file in several extents (ISO 9660 level 3), too large for a FAT32 stick`];
  });
}
