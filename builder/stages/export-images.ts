import { join } from 'node:path';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { hashBytes } from '../hash.ts';
import type { PlannedWim } from '../plan.ts';
import type { StageContext } from './stage.ts';

/** Where the bytes of each planned WIM come from: its source in place, or a new file with only the chosen images. */
export async function exportImages(
  wims: readonly PlannedWim[],
  context: StageContext,
): Promise<Map<PlannedWim, string>> {
  const files = new Map<PlannedWim, string>();
  for (const [number, wim] of wims.entries()) {
    const { source } = wim;
    if (source.inPlace) files.set(wim, source.path);
    else files.set(wim, await exportWim(wim, join(context.workspace, `images-${number}.wim`), context));
  }
  return files;
}

/** Compressed data is taken over as it is: an export costs reading and writing, no recompression. */
async function exportWim(
  { source, path: onMedium }: PlannedWim,
  file: string,
  { emit, signal }: StageContext,
): Promise<string> {
  using from = await WimFile.open(source.path, { signal });
  using to = await WimFile.create(from.info.compression);
  for (const index of new Set(source.chosen.map((chosen) => chosen.index))) await from.exportImage(index, to);
  // The same chosen images of the same file make the same WIM, so they get the same identity.
  to.setGuid(
    hashBytes(Buffer.from(`${source.fingerprint} ${source.chosen.map(({ index }) => index).join(',')}`)).slice(0, 32),
  );
  await to.write(file, {
    signal,
    onProgress: ({ doneBytes, totalBytes }) =>
      emit({ event: 'progress', title: `Exporting ${onMedium}`, done: doneBytes, total: totalBytes, unit: 'bytes' }),
  });
  return file;
}
