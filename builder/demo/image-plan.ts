import { bootFiles } from './boot-files.ts';
import { bulkFiles } from './bulk-files.ts';
import type { Edition } from './editions.ts';
import { fixedFiles } from './fixed-files.ts';
import { type ImageEntry, sizeOf } from './image-entry.ts';
import { imageHives } from './image-hives.ts';

/** How large the image becomes: names of files in it, and bytes before compression. */
export type ImageSize = { files: number; bytes: number };

/** An image like that of a small Windows in everything but its size: a tenth of it. */
export const FULL_SIZE: ImageSize = { files: 4000, bytes: 360_000_000 };

const SEED = 20_260_115;

/** Every entry of one edition's image, folders before what they hold. Nearly all are the same in every edition. */
export function planImage(size: ImageSize, edition: Edition): ImageEntry[] {
  const fixed = [...fixedFiles(Math.round(size.bytes * 0.03)), ...bootFiles(), ...editionFiles(edition)];
  const taken = fixed.reduce((sum, entry) => sum + (entry.kind === 'file' ? sizeOf(entry.content) : 0), 0);
  const bulk = bulkFiles(Math.max(size.files - fixed.length, 0), Math.max(size.bytes - taken, 0), SEED);
  return [...missingFolders([...fixed, ...bulk]), ...fixed, ...bulk];
}

/** What one edition does not share with another. */
export function editionFiles(edition: Edition): ImageEntry[] {
  const licence = Buffer.from(`${edition.name} (${edition.id}) is a stand-in and needs no licence.\r\n`);
  return [
    { path: 'Windows/System32/license.rtf', bytes: licence },
    ...Object.entries(imageHives(edition)).map(([path, bytes]) => ({ path, bytes })),
  ].map(({ path, bytes }) => ({ kind: 'file', path, content: { from: 'bytes', bytes }, security: 'system' }));
}

function missingFolders(entries: readonly ImageEntry[]): ImageEntry[] {
  const planned = new Map(entries.filter(({ kind }) => kind === 'folder').map((entry) => [entry.path, entry]));
  const paths = new Set<string>();
  for (const { path } of entries) for (const folder of foldersAbove(path)) paths.add(folder);
  return [...paths]
    .filter((path) => !planned.has(path))
    .map((path) => ({ kind: 'folder', path, security: securityOf(path) }));
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function securityOf(path: string): ImageEntry['security'] {
  if (path.startsWith('Users/Public') || path.startsWith('ProgramData')) return 'users';
  return /^Windows(\/|$)|^Program Files/.test(path) ? 'trusted-installer' : 'system';
}
