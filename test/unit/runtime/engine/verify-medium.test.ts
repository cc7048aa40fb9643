import { mkdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readManifest, verifyFiles } from '../../../../runtime/engine/verify-medium.ts';
import { IMAGE, PACKAGE, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const { signal } = new AbortController();

it('reads every byte of a whole medium and says how far it is', async () => {
  const folder = await temporaryFolder();
  const written = await writeFakeMedium(folder, [{ id: 'a', name: 'A' }]);
  const root = join(folder, 'medium');
  const manifest = await readManifest(root);
  expect(manifest).toEqual(written);
  const progress: { doneBytes: number; totalBytes: number }[] = [];
  await verifyFiles(root, manifest.files, { signal, onProgress: (done) => progress.push(done) });
  const totalBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(progress.at(-1)).toEqual({ doneBytes: totalBytes, totalBytes });
});

it('takes an empty file for a file', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { empty: '' });
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  await verifyFiles(folder, [{ path: 'empty', bytes: 0, sha256 }], { signal, onProgress: () => {} });
});

it('names every file that is bad, not only the first', async () => {
  const folder = await temporaryFolder();
  const { files } = await writeFakeMedium(folder, []);
  const root = join(folder, 'medium');
  await truncate(join(root, IMAGE.file), 3);
  await rm(join(root, PACKAGE.file));
  await mkdir(join(root, PACKAGE.file));
  await expect(verifyFiles(root, files, { signal, onProgress: () => {} })).rejects.toMatchObject({
    code: 'MEDIUM_CORRUPT',
    message: `the medium is damaged: ${IMAGE.file}: has 3 bytes, the manifest says 8 (and 1 more)`,
    lines: [expect.stringContaining(IMAGE.file), expect.stringMatching(`^${PACKAGE.file}: cannot be read .*EISDIR`)],
  });
});

it('can be interrupted, which is no damage', async () => {
  const folder = await temporaryFolder();
  const { files } = await writeFakeMedium(folder, []);
  const reason = new Error('enough');
  const verifying = verifyFiles(join(folder, 'medium'), files, {
    signal: AbortSignal.abort(reason),
    onProgress: () => {},
  });
  await expect(verifying).rejects.toBe(reason);
});
