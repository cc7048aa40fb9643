import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { discFileBytes, discPartBytes } from '../discs/place-on-discs.ts';
import { FAT32_FILE_BYTES } from '../fat32.ts';
import type { PackageFolder } from '../package-folder.ts';
import type { MediaLimits } from './plan-wims.ts';
import type { PlannedFile } from './planned-file.ts';

/** What content.wim may have as one file, and how large its parts are where it has more: both in bytes. */
export type ContentLimits = { wholeBytes: number; partBytes: number };

/** Undefined where no output limits the size of a file. */
export function contentLimits({ fat32, discBytes }: MediaLimits): ContentLimits | undefined {
  const most = fat32 ? FAT32_FILE_BYTES : Number.POSITIVE_INFINITY;
  if (discBytes === undefined) return fat32 ? { wholeBytes: most, partBytes: most } : undefined;
  return {
    wholeBytes: Math.min(discFileBytes(discBytes), most),
    partBytes: Math.min(discPartBytes(discBytes), FAT32_FILE_BYTES),
  };
}

/** What a WIM has to say of a file, whatever is in it: names, times and a hash that it has twice. */
const PER_FILE_BYTES = 256;

/** Before it is compressed it shows only whether it may have to be divided. */
export function planContent(packages: readonly PackageFolder[], limits: ContentLimits | undefined): PlannedFile[] {
  if (packages.length === 0) return [];
  const bytes = packages.reduce((sum, one) => sum + one.bytes + one.files * PER_FILE_BYTES, 0);
  const divided = limits !== undefined && bytes > limits.wholeBytes;
  return [
    {
      path: MEDIUM_PATHS.content,
      bytes,
      from: packages.map(({ folder }) => folder).join(', '),
      how: 'captured',
      ...(divided && { partBytes: limits.partBytes }),
    },
  ];
}

/** The first part, where it is divided: DISM goes by the extension. */
export const SPLIT_CONTENT = MEDIUM_PATHS.content.replace(/\.wim$/, '.swm');
