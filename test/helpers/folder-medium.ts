import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes } from '../../builder/hash.ts';
import { finishedFiles } from '../../builder/manifest-draft.ts';
import { aDraft } from './manifest.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

export const MEDIUM_ID = '11111111-2222-4333-8444-555555555555';

/** A medium as a folder: these files and a manifest over them. Returns the folder. */
export async function folderMedium(files: Record<string, string | Uint8Array>, id = MEDIUM_ID): Promise<string> {
  const folder = await temporaryFolder();
  const contents = Object.entries(files).map(([path, content]) => [path, Buffer.from(content)] as const);
  const draft = aDraft({
    id,
    files: contents.map(([path, data]) => ({ path, bytes: data.length })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
  const manifest = finishedFiles(draft, new Map(contents.map(([path, data]) => [path, hashBytes(data)])), undefined);
  await writeFiles(folder, Object.fromEntries([...contents, ...manifest]));
  return folder;
}

/** An empty file that stands for a stick, open for writing. */
export async function blankStick(bytes: number): Promise<string> {
  const path = join(await temporaryFolder(), 'stick.img');
  await using handle = await open(path, 'w');
  await handle.truncate(bytes);
  return path;
}
