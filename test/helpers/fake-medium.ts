import { join } from 'node:path';
import { hashBytes } from '../../builder/hash.ts';
import { finishedFiles } from '../../builder/manifest-draft.ts';
import type { Manifest } from '../../runtime/contract/manifest.ts';
import { aDraft } from './manifest.ts';
import { writeFiles } from './temporary-folder.ts';

export const MEDIUM_ID = '3b241101-e2bb-4255-8caf-4136c566a962';

/** An image of 1 GB that no test really applies. */
export const IMAGE = { name: 'windows', file: 'mediasmith/images/windows.wim', index: 1, bytes: 1024 ** 3 };
export const PACKAGE = { name: 'tools', file: 'mediasmith/content.wim', index: 1, bytes: 100 };

type SequenceText = { id: string; name: string };

/** Writes a medium as the builder does: sequences, two files that stand for WIMs, what is wanted more, the manifest and its digest. */
export async function writeFakeMedium(
  folder: string,
  sequences: readonly SequenceText[],
  wish: Partial<Manifest> = {},
  more: Readonly<Record<string, Buffer>> = {},
): Promise<Manifest> {
  const contents: Record<string, string | Buffer> = { [IMAGE.file]: 'an image', [PACKAGE.file]: 'a package', ...more };
  for (const sequence of sequences) contents[`mediasmith/sequences/${sequence.id}.json`] = JSON.stringify(sequence);
  const files = Object.entries(contents).map(([path, text]) => ({ path, bytes: Buffer.byteLength(text) }));
  const hashes = new Map(Object.entries(contents).map(([path, text]) => [path, hashBytes(Buffer.from(text))]));
  const draft = aDraft({
    id: MEDIUM_ID,
    bootImage: MEDIUM_ID,
    ...{ name: 'A medium', label: 'MEDIUM', builtBy: 'mediasmith' },
    sequences: sequences.map(({ id, name }) => ({ id, name, file: `mediasmith/sequences/${id}.json` })),
    images: [IMAGE],
    packages: [PACKAGE],
    ...wish,
    files,
  });
  await writeFiles(join(folder, 'medium'), contents);
  await writeFiles(join(folder, 'medium'), Object.fromEntries(finishedFiles(draft, hashes)));
  return { ...draft, files: files.map((file) => ({ ...file, sha256: hashes.get(file.path) ?? '' })) };
}
