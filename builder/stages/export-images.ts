import { join } from 'node:path';
import { partPath } from '../../runtime/wim/split-parts.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { FAT32_FILE_BYTES } from '../fat32.ts';
import { hashBytes, hashFile } from '../hash.ts';
import type { PlannedWim } from '../plan/plan-wims.ts';
import type { StageContext } from './stage.ts';

/** A file of the medium, where its bytes lie, and their SHA-256 where it was computed on the way. */
export type WimPart = { path: string; file: string; sha256?: string };

/** Where the bytes of each planned WIM come from: its source in place, or new files. `partBytes`: the largest part. */
export async function exportImages(
  wims: readonly PlannedWim[],
  context: StageContext,
  partBytes: number = FAT32_FILE_BYTES,
): Promise<Map<PlannedWim, WimPart[]>> {
  const files = new Map<PlannedWim, WimPart[]>();
  for (const [number, wim] of wims.entries()) {
    const stem = join(context.workspace, `images-${number}`);
    const whole = wim.how === 'in place' ? wim.source.parts : [await exportWim(wim, `${stem}.wim`, context)];
    const parts = wim.split ? await splitWim(wim, whole, `${stem}.swm`, wim.partBytes ?? partBytes, context) : whole;
    const made = wim.how !== 'in place' || wim.split;
    const placed: WimPart[] = [];
    for (const [index, file] of parts.entries()) {
      const path = index === 0 ? wim.path : partPath(wim.path, index + 1);
      // Now, while it is in memory and the processors have time, and not when the output is written.
      placed.push({ path, file, ...(made && { sha256: await hashFile(file, { signal: context.signal }) }) });
    }
    files.set(wim, placed);
  }
  return files;
}

/** Compressed data is taken over as it is: an export costs reading and writing. Only a solid file must be recompressed. */
async function exportWim(wim: PlannedWim, file: string, context: StageContext): Promise<string> {
  const { source, how } = wim;
  const { signal } = context;
  using from = await WimFile.open(source.path, { signal });
  using to = await WimFile.create(how === 'recompressed' ? 'LZX' : from.info.compression);
  for (const index of imagesOf(wim, from)) await from.exportImage(index, to);
  // The same chosen images of the same file make the same WIM, so they get the same identity.
  to.setGuid(hashBytes(Buffer.from(`${source.fingerprint} ${imagesOf(wim, from).join(',')}`)).slice(0, 32));
  await to.write(file, { signal, onProgress: progress(`Exporting ${wim.path}`, context) });
  return file;
}

/** Indexes at the source, in the order they get on the medium. */
function imagesOf({ source }: PlannedWim, from: WimFile): number[] {
  if (source.whole) return Array.from({ length: from.info.imageCount }, (_, index) => index + 1);
  return [...new Set(source.chosen.map(({ index }) => index))];
}

async function splitWim(
  wim: PlannedWim,
  [file]: readonly string[],
  first: string,
  partBytes: number,
  context: StageContext,
): Promise<string[]> {
  if (file === undefined) throw new Error('nothing to split');
  const { signal } = context;
  using whole = await WimFile.open(file, { signal });
  return await whole.split(first, partBytes, { signal, onProgress: progress(`Splitting ${wim.path}`, context) });
}

function progress(title: string, { emit }: StageContext) {
  return ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) =>
    emit({ event: 'progress', title, done: doneBytes, total: totalBytes, unit: 'bytes' });
}
