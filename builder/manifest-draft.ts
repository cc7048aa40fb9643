import { type Manifest, MEDIUM_PATHS } from '../runtime/contract/manifest.ts';
import { hashBytes } from './hash.ts';
import type { MediaTree } from './media-tree.ts';
import { fromText } from './media-tree.ts';

/** A manifest whose hashes are still to come. Its text has its final length from the start. */
export type ManifestDraft = Omit<Manifest, 'files'> & { files: { path: string; bytes: number }[] };

const UNKNOWN = '0'.repeat(64);

/** The manifest and its digest as they will be, with zeros for every hash: files of the right size, at the right place. */
export function placeholderFiles(draft: ManifestDraft): MediaTree {
  const text = manifestText(draft, new Map());
  return new Map([
    [MEDIUM_PATHS.manifest, fromText(text)],
    [MEDIUM_PATHS.manifestDigest, fromText(digestText(UNKNOWN))],
  ]);
}

/** The same two files with the hashes in. */
export function finishedFiles(draft: ManifestDraft, hashes: ReadonlyMap<string, string>): Map<string, Uint8Array> {
  const manifest = Buffer.from(manifestText(draft, hashes));
  return new Map([
    [MEDIUM_PATHS.manifest, manifest],
    [MEDIUM_PATHS.manifestDigest, Buffer.from(digestText(hashBytes(manifest)))],
  ]);
}

function manifestText(draft: ManifestDraft, hashes: ReadonlyMap<string, string>): string {
  const files = draft.files.map(({ path, bytes }) => ({ path, bytes, sha256: hashes.get(path) ?? UNKNOWN }));
  return `${JSON.stringify({ ...draft, files } satisfies Manifest, null, 1)}\n`;
}

/** sha256sum's own format, so that `sha256sum -c` can check it in that folder. */
function digestText(digest: string): string {
  return `${digest}  manifest.json\n`;
}
