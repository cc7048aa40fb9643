import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { parseMakersSize } from '../../runtime/contract/size.ts';
import { type Output, type StickLayout, type StickTable, volumesOf } from '../config/schema.ts';
import { FAT32_FILE_BYTES } from '../fat32.ts';
import { outputFiles } from '../output-files.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';
import { smallestStick } from '../stick/plan-stick.ts';
import type { VolumeFile } from '../volumes/volume.ts';
import type { PlannedFile } from './planned-file.ts';

/** Manifest, its digest and signature, without the files of upgrade packages; and what the manifest says of each of those. */
const MANIFEST_BYTES = 1024 ** 2;
const PER_FILE_BYTES = 160;

/** Whether an output is the image of a stick, or of a prestaged disk. */
export const isImage = ({ usb, prestaged }: Output): boolean => usb !== undefined || /\.img$/i.test(prestaged ?? '');

/** What a person who has to buy sticks, or disks, must know: how large one must at most be for each output. */
export function planStickSizes(
  { project, upgradePackages }: ResolvedProject,
  files: readonly PlannedFile[],
): { path: string; bytes: number }[] {
  const content = { files, upgradePackages };
  return project.outputs.flatMap((output) => {
    const { pxe, mediaSize, prestaged } = output;
    // Of a set of discs no stick is made, nor of what is applied file by file.
    if (pxe !== undefined || mediaSize !== undefined || (prestaged !== undefined && !isImage(output))) return [];
    const bytes = isImage(output) ? plannedImageBytes(output, content) : plannedStickBytes(content);
    return bytes === undefined ? [] : outputFiles(output, project).map((path) => ({ path, bytes }));
  });
}

type Content = { files: readonly PlannedFile[]; upgradePackages: ResolvedProject['upgradePackages'] };

/** How large the image of a stick or of a prestaged disk becomes: what the project says, or at most what it needs. */
export function plannedImageBytes(output: Output, content: Content): number {
  const { layout, partitionTable } = volumesOf(output);
  return output.size === undefined
    ? smallestStick(volumeFiles(content, layout), { layout, partitionTable })
    : parseMakersSize(output.size);
}

/**
 * How large a stick must at most be onto which `usb write` puts a medium that is no image of one, with its standard
 * layout. Undefined where no stick can hold it.
 */
function plannedStickBytes(content: Content): number | undefined {
  const large = content.files.some(
    ({ bytes, how, partSizes = [bytes] }) => how !== 'split' && partSizes.some((size) => size > FAT32_FILE_BYTES),
  );
  const wishes: { layout: StickLayout; partitionTable: StickTable } = {
    layout: large ? 'fat32+exfat' : 'fat32',
    partitionTable: 'mbr',
  };
  try {
    return smallestStick(volumeFiles(content, wishes.layout), wishes);
  } catch (error) {
    if (isMediasmithError(error)) return undefined;
    throw error;
  }
}

/** Files of the planned sizes, where the plan names a folder or what will be several parts. */
function volumeFiles({ files, upgradePackages }: Content, layout: StickLayout): VolumeFile[] {
  const planned = files.filter(({ path }) => !path.startsWith(`${MEDIUM_PATHS.upgrade}/`));
  const upgrade = upgradePackages.flatMap(({ name, files: own }) =>
    own.map(({ path, bytes }) => ({ path: `${MEDIUM_PATHS.upgrade}/${name}/${path}`, bytes })),
  );
  const listed = upgrade.reduce((sum, { path }) => sum + Buffer.byteLength(path) + PER_FILE_BYTES, 0);
  return [
    ...planned.flatMap(({ path, bytes, how, partSizes }) => {
      const name = path.replace(/, .*$/, '').replace(/\/$/, '/files');
      if (partSizes !== undefined)
        return partSizes.map((size, index) => ({ path: numbered(name, index), bytes: size }));
      // Of what is not made yet the size is an upper bound, and what must be divided will be.
      const divided = how === 'split' || (layout === 'fat32' && how !== 'in place');
      return divided ? partsFor(name, bytes) : [{ path: name, bytes }];
    }),
    ...upgrade,
    { path: MEDIUM_PATHS.manifest, bytes: MANIFEST_BYTES + listed },
  ];
}

function partsFor(path: string, bytes: number): VolumeFile[] {
  const count = Math.max(1, Math.ceil(bytes / FAT32_FILE_BYTES));
  return Array.from({ length: count }, (_, index) => ({
    path: numbered(path, index),
    bytes: Math.min(FAT32_FILE_BYTES, bytes - index * FAT32_FILE_BYTES),
  }));
}

const numbered = (path: string, index: number): string => (index === 0 ? path : `${path}.${index + 1}`);
