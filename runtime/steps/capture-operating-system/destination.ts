import { type ContentPlace, contentPlace } from '../../contract/content-from.ts';
import { MediasmithError } from '../../contract/errors.ts';
import type { PlatformName } from '../../contract/step.ts';

/**
 * Where an image goes. `file` counts from there, with forward slashes. A volume without a label: the only one there is
 * for it.
 */
export type Destination = { file: string } & (
  | { kind: 'share'; share: ContentPlace & { kind: 'share' } }
  | { kind: 'volume'; label: string | undefined }
  | { kind: 'folder'; path: string }
);

/** Takes a destination apart. Pure. `STEP_FAILED` for one that this platform does not have. */
export function parseDestination(text: string, account: string | undefined, platform: PlatformName): Destination {
  const place = /^([\\/]{2}[^\\/]+[\\/][^\\/]+)[\\/](.+)$/.exec(text);
  if (place !== null) {
    const share = placeOrRefuse(text, { share: place[1] ?? '', ...(account !== undefined && { user: account }) });
    return { kind: 'share', share: share as ContentPlace & { kind: 'share' }, file: slashes(place[2] ?? '') };
  }
  const [, drive, onDrive = ''] = /^([A-Za-z]:)[\\/](.+)$/.exec(text) ?? [];
  if (drive !== undefined) {
    if (platform === 'linux')
      throw noPath(text, 'Linux has no drive letters: name the volume by its label, Images:\\reference.wim');
    return { kind: 'folder', path: `${drive.toUpperCase()}\\`, file: slashes(onDrive) };
  }
  if (/^[^\\/]+:/.test(text)) {
    const folder = placeOrRefuse(text, { folder: text });
    if (folder.kind === 'folder') return { kind: 'volume', label: folder.label, file: folder.path };
  }
  if (text.startsWith('/')) {
    if (platform !== 'linux')
      throw noPath(text, 'A path that begins with / is one of Linux: name a drive, a share, or a volume by its label');
    const end = text.lastIndexOf('/');
    return { kind: 'folder', path: text.slice(0, end) || '/', file: text.slice(end + 1) };
  }
  const file = placeOrRefuse(text, { folder: `any:/${text}` });
  return { kind: 'volume', label: undefined, file: file.kind === 'folder' ? file.path : text };
}

function placeOrRefuse(text: string, place: Parameters<typeof contentPlace>[0]): ContentPlace {
  try {
    return contentPlace(place);
  } catch {
    throw noPath(
      text,
      'Name \\\\server\\share\\image.wim, LABEL:\\image.wim, or a file alone for the only other volume',
    );
  }
}

function slashes(path: string): string {
  return path.split(/[\\/]+/).join('/');
}

function noPath(text: string, hint: string): MediasmithError {
  return new MediasmithError('STEP_FAILED', `${text} is no path of this boot environment`, {
    hint: `${hint}. Nothing was written.`,
  });
}
