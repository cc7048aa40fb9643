import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import { Filler } from './filler.ts';
import { type FileContent, type ImageEntry, sizeOf } from './image-entry.ts';
import { attributeTable } from './ntfs-attributes.ts';

type Options = { exec: Exec; signal?: AbortSignal | undefined; onBytes?: (done: number) => void };

/** Writes entries onto a mounted NTFS volume, then everything NTFS keeps beside names and contents. */
export async function populate(folder: string, entries: readonly ImageEntry[], options: Options): Promise<void> {
  const { exec, signal, onBytes } = options;
  const filler = new Filler();
  let done = 0;
  for (const entry of entries) {
    if (signal?.aborted === true) throw new MediasmithError('INTERRUPTED', 'interrupted: making the stand-in image');
    await writeEntry(folder, entry, filler);
    if (entry.kind === 'file') {
      done += sizeOf(entry.content);
      onBytes?.(done);
    }
  }
  // Links are set as themselves (-h), and all in one process: one for each file would take minutes.
  await exec(['setfattr', '-h', '--restore=-'], {
    cwd: folder,
    input: attributeTable(entries),
    ...(signal && { signal }),
  });
}

async function writeEntry(root: string, entry: ImageEntry, filler: Filler): Promise<void> {
  const path = join(root, entry.path);
  switch (entry.kind) {
    case 'file':
      return writeFile(path, contentOf(entry.content, filler));
    case 'hard-link':
      return link(join(root, entry.target), path);
    case 'folder':
    case 'junction':
    case 'directory-symlink':
      await mkdir(path, { recursive: true });
  }
}

function contentOf(content: FileContent, filler: Filler): Uint8Array {
  return content.from === 'bytes' ? content.bytes : filler.make(content.filler, content.size, content.seed);
}
