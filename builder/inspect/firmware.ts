import { type Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import type { MediumDocument, MediumType } from './medium-document.ts';
import type { MediumFiles } from './medium-files.ts';

/** Where UEFI looks on a removable medium (UEFI specification, 3.5.1.1). */
const REMOVABLE = /^efi\/boot\/boot(x64|aa64|ia32)\.efi$/i;

/** An ISO says what starts it. A stick, or the folder of one, starts by the files it has; a PXE tree does not start itself. */
export function firmwareOf(
  { files, find, startsUnder, stick }: Pick<MediumFiles, 'files' | 'find' | 'startsUnder' | 'stick'>,
  type: MediumType,
  { prestaged }: Pick<Manifest, 'prestaged'>,
): MediumDocument['firmware'] {
  if (type === 'iso') return [...startsUnder];
  if (type === 'pxe') return [];
  return [
    // The first sector of a disk that was laid out for a WIM is not ours.
    ...((prestaged === true && stick?.partitionTable !== 'mbr') || find(MEDIUM_PATHS.biosCore) === undefined
      ? []
      : (['BIOS'] as const)),
    ...(files.some(({ path }) => REMOVABLE.test(path)) ? (['UEFI'] as const) : []),
  ];
}
