import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import { type ManifestFile, MEDIUM_PATHS } from '../../contract/manifest.ts';

const CHUNK_BYTES = 1024 * 1024;
/** What Windows puts onto every volume. */
const NOT_OURS = ['system volume information', '$recycle.bin'];
const STAYS = 'The medium still lies where it was, and the machine starts from there.';

/** A file by its path from the root of its volume, with forward slashes. */
export type VolumeFile = { path: string; bytes: number };

export type CopyTask = {
  /** What the manifest says of the files, by their paths. */
  listed: ReadonlyMap<string, ManifestFile>;
  signal: AbortSignal | undefined;
  /** Each byte counts twice: it is written and read back. */
  onBytes: (count: number) => void;
};

/** Everything on a volume, in the order of {@link copyVolume}. */
export async function filesToCopy(root: string, mediumId: string): Promise<VolumeFile[]> {
  const files: VolumeFile[] = [];
  const folders = [''];
  for (const folder of folders) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (folder === '' && NOT_OURS.includes(entry.name.toLowerCase())) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else files.push({ path, bytes: (await stat(join(root, path))).size });
    }
  }
  return files.sort((a, b) => turnOf(a.path, mediumId) - turnOf(b.path, mediumId) || (a.path < b.path ? -1 : 1));
}

/**
 * When it is copied. What firmware starts, what GRUB knows a medium by and what the runtime knows it by come when all they
 * need is there, so that half a copy starts nothing and is no medium.
 */
function turnOf(path: string, mediumId: string): number {
  const name = path.toLowerCase();
  if (name.startsWith('efi/boot/')) return 1;
  if (name === `${MEDIUM_PATHS.bios}/${mediumId}`) return 2;
  return name === MEDIUM_PATHS.manifest ? 3 : 0;
}

/**
 * Copies files, holds those that are listed against the manifest, and reads all of them back. `MEDIUM_CORRUPT`,
 * `READ_BACK_FAILED` or `DEVICE_FAILED`; what was copied until then is worth nothing.
 */
export async function copyVolume(
  files: readonly VolumeFile[],
  { from, to, mediumId }: { from: string; to: string; mediumId: string },
  task: CopyTask,
): Promise<void> {
  const copied: { path: string; sha256: string }[] = [];
  for (const [index, { path }] of files.entries()) {
    try {
      copied.push({ path, sha256: await copyFile(join(from, path), join(to, path), path, task) });
      const next = files[index + 1]?.path;
      if (next !== undefined && turnOf(next, mediumId) === turnOf(path, mediumId)) continue;
      for (const written of copied.splice(0)) await readBack(join(to, written.path), written, task);
    } catch (error) {
      task.signal?.throwIfAborted();
      if (isMediasmithError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new MediasmithError(
        'DEVICE_FAILED',
        `${path} could not be copied to where the medium is to lie: ${reason}`,
        {
          where: join(to, path),
          hint: STAYS,
          cause: error,
        },
      );
    }
  }
}

/** On the disk under its name when it resolves, to the hash of what was read. */
async function copyFile(source: string, file: string, path: string, task: CopyTask): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  const hash = createHash('sha256');
  {
    await using output = await open(partial, 'w');
    for await (const chunk of createReadStream(source, { highWaterMark: CHUNK_BYTES, signal: task.signal })) {
      hash.update(chunk);
      await output.appendFile(chunk);
      task.onBytes(chunk.length);
    }
    await output.sync();
  }
  const sha256 = hash.digest('hex');
  if ((task.listed.get(path)?.sha256 ?? sha256) !== sha256) {
    throw new MediasmithError('MEDIUM_CORRUPT', `${path}: what lies on the disk is not what the manifest says`, {
      where: source,
      hint: `Put the medium onto the disk anew. ${STAYS}`,
    });
  }
  await rename(partial, file);
  // FAT writes the new name when it has time.
  await using named = await open(file, 'r+');
  await named.sync();
  return sha256;
}

async function readBack(file: string, { path, sha256 }: { path: string; sha256: string }, task: CopyTask) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES, signal: task.signal })) {
    hash.update(chunk);
    task.onBytes(chunk.length);
  }
  if (hash.digest('hex') === sha256) return;
  throw new MediasmithError('READ_BACK_FAILED', `${path} is not what was written to where the medium is to lie`, {
    where: file,
    hint: `The disk may be broken. ${STAYS}`,
  });
}
