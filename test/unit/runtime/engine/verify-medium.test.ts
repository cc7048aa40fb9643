import { createReadStream } from 'node:fs';
import { mkdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { type ReadFile, readManifest, verifyFiles } from '../../../../runtime/engine/verify-medium.ts';
import { IMAGE, PACKAGE, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const { signal } = new AbortController();
const from =
  (root: string): ReadFile =>
  (path, stop) =>
    createReadStream(join(root, path), { signal: stop });

it('reads every byte of a whole medium and says how far it is', async () => {
  const folder = await temporaryFolder();
  const written = await writeFakeMedium(folder, [{ id: 'a', name: 'A' }]);
  const root = join(folder, 'medium');
  const manifest = await readManifest(root);
  expect(manifest).toEqual(written);
  const progress: { doneBytes: number; totalBytes: number }[] = [];
  await verifyFiles(from(root), manifest.files, { signal, onProgress: (done) => progress.push(done) });
  const totalBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(progress.at(-1)).toEqual({ doneBytes: totalBytes, totalBytes });
});

it('takes an empty file for a file', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { empty: '' });
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  await verifyFiles(from(folder), [{ path: 'empty', bytes: 0, sha256 }], { signal, onProgress: () => {} });
});

it('names every file that is bad, not only the first', async () => {
  const folder = await temporaryFolder();
  const { files } = await writeFakeMedium(folder, []);
  const root = join(folder, 'medium');
  await truncate(join(root, IMAGE.file), 3);
  await rm(join(root, PACKAGE.file));
  await mkdir(join(root, PACKAGE.file));
  await expect(verifyFiles(from(root), files, { signal, onProgress: () => {} })).rejects.toMatchObject({
    code: 'MEDIUM_CORRUPT',
    message: `the medium is damaged: ${IMAGE.file}: has 3 bytes, the manifest says 8 (and 1 more)`,
    lines: [expect.stringContaining(IMAGE.file), expect.stringMatching(`^${PACKAGE.file}: cannot be read .*EISDIR`)],
  });
});

it('can be interrupted, which is no damage', async () => {
  const folder = await temporaryFolder();
  const { files } = await writeFakeMedium(folder, []);
  const reason = new Error('enough');
  const verifying = verifyFiles(from(join(folder, 'medium')), files, {
    signal: AbortSignal.abort(reason),
    onProgress: () => {},
  });
  await expect(verifying).rejects.toBe(reason);
});

it('hears of a server that is away, and takes nothing for damaged', async () => {
  const { files } = await writeFakeMedium(await temporaryFolder(), []);
  const away = new MediasmithError('MEDIUM_NOT_FOUND', 'the server is away');
  const verifying = verifyFiles(
    async function* () {
      yield Buffer.from('the beginning');
      throw away;
    },
    files,
    { signal, onProgress: () => {} },
  );
  await expect(verifying).rejects.toBe(away);
});
