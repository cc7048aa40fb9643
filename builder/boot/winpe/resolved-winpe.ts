import type { WimImage } from '../../../runtime/wim/wim-image.ts';
import type { WinpeOptions } from '../../config/schema.ts';
import type { PackageFolder } from '../../package-folder.ts';
import type { SourceTree } from '../../sources/source-tree.ts';

/** WinPE as the project wants it, with what its source says. */
export type ResolvedWinpe = {
  options: WinpeOptions;
  /** The boot.wim where it lies now. */
  file: string;
  /** What a person knows it by. */
  name: string;
  bytes: number;
  fingerprint: string;
  /** The image that starts. */
  index: number;
  image: WimImage;
  /** Where boot files come from that are not in the image; the first that has one. */
  media: SourceTree[];
  drivers: PackageFolder[];
  /** What goes into the root of the boot image. */
  files: PackageFolder | undefined;
  /** What a person should know of its boot files, once those were looked at. */
  notes?: string[];
};
