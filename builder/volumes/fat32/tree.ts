import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { formatBytes } from '../../../runtime/contract/format-bytes.ts';
import { FAT32_FILE_BYTES } from '../../fat32.ts';
import type { Run } from '../shared/clusters.ts';
import { checkPaths } from '../shared/names.ts';
import { newFolder, putFile, type TreeFolder } from '../shared/tree.ts';
import type { VolumeFile } from '../volume.ts';

/** What is kept of a file. One without entries is new: the plan gives it its clusters. */
export type FatFile = { bytes: number; runs: Run[]; entries?: Buffer };
/** What is kept of a folder that is there. */
export type FatFolderPlace = { runs: Run[]; entries: Buffer };
export type FatFolder = TreeFolder<FatFile, FatFolderPlace>;
export type NewFile = { path: string; file: FatFile };

/** Puts new files into a tree. `NAME_NOT_ALLOWED`, `FILE_TOO_LARGE` with every file it is about. */
export function putNewFiles(root: FatFolder, files: readonly VolumeFile[]): NewFile[] {
  checkPaths(files.map(({ path }) => path));
  const large = files.filter(({ bytes }) => bytes > FAT32_FILE_BYTES);
  if (large.length > 0) {
    throw new MediasmithError('FILE_TOO_LARGE', `FAT32 holds only files below ${formatBytes(FAT32_FILE_BYTES + 1)}`, {
      lines: large.map(({ path, bytes }) => `${path}: ${formatBytes(bytes)}`),
      hint: 'Split the files, or use exFAT.',
    });
  }
  return files.map(({ path, bytes }) => {
    const file: FatFile = { bytes, runs: [] };
    putFile(root, path, file);
    return { path, file };
  });
}

export function newRoot(): FatFolder {
  return newFolder('');
}
