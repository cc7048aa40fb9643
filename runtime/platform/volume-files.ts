import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { casePath } from './case-path.ts';
import type { VolumeFiles } from './platform.ts';

/** The files of a volume that is mounted at `root`. */
export function volumeFiles(root: string): VolumeFiles {
  const place = async (path: string): Promise<string> => (await casePath(root, path)).path;
  const placeToWrite = async (path: string): Promise<string> => {
    const full = await place(path);
    await mkdir(dirname(full), { recursive: true });
    return full;
  };
  return {
    read: async (path) => readFile(await place(path)).catch(absent),
    write: async (path, content) => {
      const full = await placeToWrite(path);
      await writeThrough(`${full}.new`, content);
      await rename(`${full}.new`, full);
    },
    copyIn: async (source, path) => {
      const full = await placeToWrite(path);
      // Written and not copied: a copy would bring the rights of the file along.
      await pipeline(createReadStream(source), createWriteStream(`${full}.new`, { flush: true }));
      await rename(`${full}.new`, full);
    },
    remove: async (path) => rm(await place(path), { recursive: true, force: true }),
    makeFolder: async (path) => {
      const full = await place(path);
      await mkdir(full, { recursive: true });
      return full;
    },
    exists: async (path) => (await casePath(root, path)).exists,
    list: async (path) => (await readdir(await place(path)).catch(absent)) ?? [],
  };
}

async function writeThrough(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(content);
  await file.sync();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
