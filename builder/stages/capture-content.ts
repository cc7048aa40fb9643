import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { hashBytes } from '../hash.ts';
import { type PackageFolder, readPackageFolder } from '../package-folder.ts';
import type { StageContext } from './stage.ts';

/** Captures every package into one WIM, an image each, in order. Same folders, same bytes. */
export async function captureContent(
  packages: readonly PackageFolder[],
  { workspace, emit, signal }: StageContext,
): Promise<string> {
  const file = join(workspace, 'content.wim');
  using wim = await WimFile.create('LZX');
  for (const { name, folder } of packages) await wim.addFolder(folder, name, { signal });
  wim.setGuid(
    hashBytes(Buffer.from(packages.map(({ name, fingerprint }) => `${name} ${fingerprint}`).join('\n'))).slice(0, 32),
  );
  await wim.write(file, {
    signal,
    onProgress: ({ doneBytes, totalBytes }) =>
      emit({ event: 'progress', title: 'Compressing content.wim', done: doneBytes, total: totalBytes, unit: 'bytes' }),
  });
  for (const { name, folder, fingerprint } of packages) {
    if ((await readPackageFolder(name, folder)).fingerprint === fingerprint) continue;
    throw new MediasmithError('SOURCE_CHANGED', `package "${name}" was changed while it was being read`, {
      where: folder,
      hint: 'Build again when nothing writes to it. No output was replaced.',
    });
  }
  return file;
}
