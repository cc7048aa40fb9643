import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { partPath } from '../../runtime/wim/split-parts.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { hashBytes } from '../hash.ts';
import { type PackageFolder, readPackageFolder } from '../package-folder.ts';
import { type ContentLimits, SPLIT_CONTENT } from '../plan/plan-content.ts';
import { openWorkspace } from '../workspace.ts';
import type { WimPart } from './export-images.ts';
import type { StageContext } from './stage.ts';
import { standInFolder } from './stand-in-folder.ts';

/**
 * Captures every package into one WIM, an image each, in order; into parts of it where it is larger than the limits let it
 * be. Same content, same bytes, whatever times a folder has; only what comes from an archive keeps those. `FILE_TOO_LARGE` for a file of a package that no part can hold.
 */
export async function captureContent(
  packages: readonly PackageFolder[],
  limits: ContentLimits | undefined,
  context: StageContext,
): Promise<WimPart[]> {
  const file = join(context.workspace, 'content.wim');
  await writeContent(packages, file, context);
  const { size } = await stat(file);
  if (limits === undefined || size <= limits.wholeBytes) return [{ path: MEDIUM_PATHS.content, file }];
  const parts = await split(file, limits, context);
  await rm(file);
  return parts.map((part, index) => ({
    path: index === 0 ? SPLIT_CONTENT : partPath(SPLIT_CONTENT, index + 1),
    file: part,
  }));
}

async function writeContent(
  packages: readonly PackageFolder[],
  file: string,
  { emit, signal }: StageContext,
): Promise<void> {
  using wim = await WimFile.create('LZX');
  // Not beside the output, where there may be no symbolic links: a stick with exFAT.
  await using scratch = await openWorkspace(tmpdir());
  for (const [index, { name, folder, fromArchive }] of packages.entries()) {
    if (fromArchive === true) {
      await wim.addFolder(folder, name, { signal });
      continue;
    }
    const standIn = await standInFolder(folder, join(scratch.folder, String(index)));
    await wim.addFolder(join(scratch.folder, String(index)), name, { signal });
    await standIn.link();
  }
  wim.setGuid(hashBytes(Buffer.from(packages.map(nameOf).join('\n'))).slice(0, 32));
  await wim.write(file, {
    signal,
    onProgress: ({ doneBytes, totalBytes }) =>
      emit({ event: 'progress', title: 'Compressing content.wim', done: doneBytes, total: totalBytes, unit: 'bytes' }),
  });
  for (const { name, folder, fingerprint } of packages) {
    if ((await readPackageFolder(name, folder)).fingerprint === fingerprint) continue;
    throw new MediasmithError('SOURCE_CHANGED', `package "${name}" was changed while it was being read`, {
      where: folder,
      hint: 'Build again when nothing writes to it. No output was replaced.',
    });
  }
}

function nameOf({ name, fingerprint, files, bytes, fromArchive }: PackageFolder): string {
  return `${name} ${fromArchive === true ? fingerprint : `${files} ${bytes}`}`;
}

/** Parts that share a disc; where one file alone is larger than such a part, parts that each may fill a disc. */
async function split(
  file: string,
  { wholeBytes, partBytes }: ContentLimits,
  { workspace, emit, signal }: StageContext,
): Promise<string[]> {
  using whole = await WimFile.open(file, { signal });
  const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }): void =>
    emit({ event: 'progress', title: 'Dividing content.wim', done: doneBytes, total: totalBytes, unit: 'bytes' });
  const into = (bytes: number) => whole.split(join(workspace, 'content.swm'), bytes, { signal, onProgress });
  try {
    return await into(partBytes);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
  }
  return await into(wholeBytes).catch((cause: unknown) => {
    if (!isTooLarge(cause)) throw cause;
    const message = `a file of the packages is larger than one of the media can hold: ${formatBytes(wholeBytes)}, compressed`;
    throw new MediasmithError('FILE_TOO_LARGE', message, {
      where: MEDIUM_PATHS.content,
      hint: 'Give a larger mediaSize, or a stick the layout fat32+exfat: no single file can be divided.',
    });
  });
}

function isTooLarge(error: unknown): boolean {
  return isMediasmithError(error) && error.code === 'SOURCE_INVALID';
}
