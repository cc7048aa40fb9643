import { mkdir, readdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { WimProgress } from '../../runtime/wim/progress.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import type { MediaSource } from '../media-tree.ts';
import { openWorkspace } from '../workspace.ts';

export type NewWim = {
  /** In their order. */
  images: readonly { name: string; files: readonly FileToCapture[] }[];
  /** 32 hexadecimal digits. */
  guid: string;
  /** Since 1970, of every file, folder and image. */
  seconds: number;
};

/** `bytes`: how large the source is. */
export type FileToCapture = { path: string; source: MediaSource; bytes: number };

type CaptureOptions = { signal: AbortSignal; onProgress: (progress: WimProgress) => void };

/**
 * Captures files that lie anywhere into a new WIM without compression. Same files, same bytes, whatever times and hard
 * links the sources have.
 *
 * libwim takes names, sizes, times and links when it looks at a folder, and contents when it writes. So it looks at empty
 * files of the right size, and each is a link to its source by the time its content is read. Nothing is copied twice.
 * wimlib.h promises no more than that contents may be read so late: whoever calls this reads back what was written.
 */
export async function captureFiles(
  { images, guid, seconds }: NewWim,
  to: string,
  { signal, onProgress }: CaptureOptions,
): Promise<void> {
  // Not beside the output, where there may be no symbolic links: a stick with exFAT.
  await using workspace = await openWorkspace(tmpdir());
  using wim = await WimFile.create('none');
  for (const [index, { name, files }] of images.entries()) {
    const folder = join(workspace.folder, String(index));
    for (const file of files) {
      signal.throwIfAborted();
      await standIn(join(folder, file.path), file);
    }
    await setTimes(folder, seconds);
    await wim.addFolder(folder, name, { signal });
    for (const { path, source } of files) if (source.kind === 'file') await linkTo(source.path, join(folder, path));
  }
  wim.setGuid(guid);
  await wim.write(to, { signal, onProgress });
}

async function standIn(path: string, { source, bytes }: FileToCapture): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, source.kind === 'bytes' ? source.data : '', { flag: 'wx' });
  // A hole: it takes no room.
  if (source.kind === 'file') await truncate(path, bytes);
}

/** A folder comes after what is in it. */
async function setTimes(folder: string, seconds: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await setTimes(path, seconds);
    else await utimes(path, seconds, seconds);
  }
  await utimes(folder, seconds, seconds);
}

async function linkTo(source: string, path: string): Promise<void> {
  await rm(path);
  await symlink(resolve(source), path);
}
