import { type Manifest, type ManifestFile, MEDIUM_PATHS } from '../runtime/contract/manifest.ts';
import { hashBytes } from './hash.ts';
import type { MediaTree } from './media-tree.ts';
import type { Signer } from './signing/signer.ts';

/** A manifest whose hashes are still to come. Its text has its final length from the start. */
export type ManifestDraft = Omit<Manifest, 'files'> & { files: Omit<ManifestFile, 'sha256'>[] };

const UNKNOWN = '0'.repeat(64);

/**
 * The manifest, its digest and its signature as they will be, with zeros for every hash: files of the right size, at the
 * right place.
 */
export function placeholderFiles(draft: ManifestDraft, signer?: Signer): MediaTree {
  const files = finishedFiles(draft, new Map(), signer);
  return new Map([...files].map(([path, data]) => [path, { kind: 'bytes', data }]));
}

/** The same files with the hashes in. Without a signer there is no signature. */
export function finishedFiles(
  draft: ManifestDraft,
  hashes: ReadonlyMap<string, string>,
  signer?: Signer,
): Map<string, Uint8Array> {
  const manifest = Buffer.from(manifestText(draft, hashes));
  const files = new Map<string, Uint8Array>([
    [MEDIUM_PATHS.manifest, manifest],
    [MEDIUM_PATHS.manifestDigest, Buffer.from(digestText(hashBytes(manifest)))],
  ]);
  if (signer !== undefined) files.set(MEDIUM_PATHS.manifestSignature, Buffer.from(signer.sign(manifest, draft.id)));
  return files;
}

function manifestText(draft: ManifestDraft, hashes: ReadonlyMap<string, string>): string {
  const files = draft.files.map((file) => ({ ...file, sha256: hashes.get(file.path) ?? UNKNOWN }));
  return `${JSON.stringify({ ...draft, files } satisfies Manifest, null, 1)}\n`;
}

/** sha256sum's own format, so that `sha256sum -c` can check it in that folder. */
function digestText(digest: string): string {
  return `${digest}  manifest.json\n`;
}
