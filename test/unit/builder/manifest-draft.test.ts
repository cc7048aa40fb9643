import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { finishedFiles, placeholderFiles } from '../../../builder/manifest-draft.ts';
import { Manifest, MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';
import { verifySignature } from '../../../runtime/seal/minisign.ts';
import { aDraft } from '../../helpers/manifest.ts';
import { aSigner } from '../../helpers/signing-key.ts';

const DRAFT = aDraft({
  name: 'Größe',
  files: [
    { path: 'a', bytes: 1 },
    { path: 'b/c', bytes: 2 },
  ],
});
const HASHES = new Map([
  ['a', 'a'.repeat(64)],
  ['b/c', 'b'.repeat(64)],
]);

it('holds the place of the finished files to the byte', () => {
  const finished = finishedFiles(DRAFT, HASHES);
  const placeholders = placeholderFiles(DRAFT);
  expect([...placeholders.keys()]).toEqual([...finished.keys()]);
  for (const [path, source] of placeholders) {
    expect(source.kind === 'bytes' && source.data.length).toBe(finished.get(path)?.length);
  }
});

it('holds the place of the signature too, and signs what the manifest is at last', async () => {
  const signer = await aSigner();
  const finished = finishedFiles(DRAFT, HASHES, signer);
  const placeholders = placeholderFiles(DRAFT, signer);
  expect([...placeholders.keys()]).toEqual([...finished.keys()]);
  for (const [path, source] of placeholders) {
    expect(source.kind === 'bytes' && source.data.length).toBe(finished.get(path)?.length);
  }
  const text = Buffer.from(finished.get(MEDIUM_PATHS.manifestSignature) ?? []).toString('utf8');
  const manifest = finished.get(MEDIUM_PATHS.manifest) ?? new Uint8Array();
  const { trustedComment } = verifySignature(manifest, text, signer.publicKey);
  expect(trustedComment).toBe(`mediasmith ${DRAFT.id}`);
  expect(finishedFiles(DRAFT, HASHES, signer)).toEqual(finished);
  expect(finishedFiles(DRAFT, HASHES).has(MEDIUM_PATHS.manifestSignature)).toBe(false);
});

it('is a manifest with the hashes in, and a digest that sha256sum checks', () => {
  const finished = finishedFiles(DRAFT, HASHES);
  const bytes = finished.get(MEDIUM_PATHS.manifest) ?? new Uint8Array();
  const manifest = Manifest.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  expect(manifest.files).toEqual(DRAFT.files.map((file) => ({ ...file, sha256: HASHES.get(file.path) })));
  const digest = Buffer.from(finished.get(MEDIUM_PATHS.manifestDigest) ?? []).toString('latin1');
  expect(digest).toBe(`${createHash('sha256').update(bytes).digest('hex')}  manifest.json\n`);
});
