import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import { formatBytes } from '../contract/format-bytes.ts';
import { progressOf, type WimCallOptions } from './progress.ts';
import { partPath } from './split-parts.ts';
import type { ReadProgress, WimSession } from './wim-session.ts';

const RETAIN_GUID = 0x800;

/**
 * Writes a WIM as parts of at most so many bytes, which appear under their names when all are whole, and returns their
 * paths. The first is `path`, the others `name2.swm` and so on beside it. Nothing is compressed again.
 *
 * Throws `SOURCE_INVALID` where the metadata or one file alone is larger than a part: a WIM cannot divide it.
 */
export async function splitWim(
  session: WimSession,
  path: string,
  partBytes: number,
  options: WimCallOptions,
): Promise<string[]> {
  const folder = `${path}.part`;
  const call = { task: 'write', doing: `split ${session.path} into ${path}`, where: path } as const;
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder);
    await session.run(
      call,
      options,
      (done) =>
        session.library.functions.split.async(
          session.handle,
          join(folder, basename(path)),
          partBytes,
          RETAIN_GUID,
          done,
        ),
      splitProgress(partBytes),
    );
    await refuseLargeParts(session, folder, partBytes);
    return await moveParts(folder, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const BEGIN_PART = 19;
const END_PART = 20;

/**
 * The library counts the parts in bytes of the file, and what it writes within one in bytes of data: this joins both. A
 * part may turn out smaller than it could be, so the figure waits where it was until the truth has come up with it.
 */
export function splitProgress(partBytes: number): ReadProgress {
  let parts = { doneBytes: 0, totalBytes: 0 };
  let doneBytes = 0;
  return (message, readUint64) => {
    let within = 0;
    if (message === BEGIN_PART || message === END_PART) {
      parts = { doneBytes: readUint64(8), totalBytes: readUint64(0) };
    } else {
      const written = progressOf(message, readUint64);
      if (written === undefined || written.totalBytes === 0) return undefined;
      within = Math.min(partBytes, parts.totalBytes - parts.doneBytes) * (written.doneBytes / written.totalBytes);
    }
    doneBytes = Math.max(doneBytes, parts.doneBytes + Math.floor(within));
    return { doneBytes, totalBytes: parts.totalBytes };
  };
}

async function refuseLargeParts(session: WimSession, folder: string, partBytes: number): Promise<void> {
  const large: string[] = [];
  for (const name of await readdir(folder)) {
    const { size } = await stat(join(folder, name));
    if (size > partBytes) large.push(`${name} would have ${formatBytes(size)}`);
  }
  if (large.length === 0) return;
  throw new MediasmithError('SOURCE_INVALID', `cannot split ${session.path} into parts of ${formatBytes(partBytes)}`, {
    where: session.path,
    lines: large.sort(),
    hint: 'Allow larger parts: one file of an image, or its metadata, cannot be divided.',
  });
}

/** The first part comes last: without it the others are nothing. */
async function moveParts(folder: string, path: string): Promise<string[]> {
  const count = (await readdir(folder)).length;
  const paths = [path, ...Array.from({ length: count - 1 }, (_, at) => partPath(path, at + 2))];
  const moved: string[] = [];
  try {
    for (const part of paths.toReversed()) {
      await rename(join(folder, basename(part)), part);
      moved.push(part);
    }
    return paths;
  } catch (error) {
    for (const part of moved) await rm(part, { force: true });
    throw error;
  }
}
