import { type ContentPlace, placeInWords } from '../contract/content-from.ts';
import { MediasmithError } from '../contract/errors.ts';

/** `seen`: the volumes that were looked at, by their devices or letters. */
export function noContentFolder(
  folder: ContentPlace & { kind: 'folder' },
  seen: readonly (readonly [name: string, label: string])[],
): MediasmithError {
  return new MediasmithError(
    'MEDIUM_NOT_FOUND',
    `no volume ${folder.label} has a medium in the folder /${folder.path}`,
    {
      where: placeInWords(folder),
      hint: 'Connect the disk or stick that has it; the folder must have mediasmith/manifest.json.',
      lines: seen.map(([name, label]) => `${name}: ${label || 'without a label'}`),
    },
  );
}
