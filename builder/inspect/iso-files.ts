import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import type { IsoListing } from '../tools/iso-listing.ts';
import { listIso } from '../tools/xorriso.ts';
import { type MediumFiles, placedFiles } from './medium-files.ts';

/** The files of an ISO, read out of it by their places. `MEDIUM_CORRUPT` where its tables cannot be read. */
export async function isoFiles(
  iso: string,
  { exec, signal }: { exec: Exec; signal: AbortSignal },
): Promise<MediumFiles> {
  const { files, hiddenImages, startsUnder } = await list(iso, exec, signal);
  const sorted = [...files].sort(([, [a]], [, [b]]) => (a?.offset ?? 0) - (b?.offset ?? 0));
  const places = new Map(sorted.map(([path, parts]) => [path, { file: iso, parts }]));
  const hidden = new Map(hiddenImages.map((part, index) => [hiddenName(index), { file: iso, parts: [part] }]));
  return placedFiles(places, { path: iso, kind: 'iso', startsUnder, hidden });
}

const hiddenName = (index: number): string => `[El Torito UEFI image${index === 0 ? '' : ` ${index + 1}`}]`;

async function list(iso: string, exec: Exec, signal: AbortSignal): Promise<IsoListing> {
  try {
    return await listIso(iso, exec, signal);
  } catch (cause) {
    if (!isMediasmithError(cause) || cause.code !== 'TOOL_FAILED') throw cause;
    throw new MediasmithError('MEDIUM_CORRUPT', `the directories of ${iso} cannot be read`, {
      where: iso,
      lines: cause.lines.filter((line) => /FAILURE|SORRY|FATAL/.test(line)),
      hint: 'Copy the ISO again, or build it again.',
      cause,
    });
  }
}
