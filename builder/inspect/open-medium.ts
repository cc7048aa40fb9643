import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMediasmithError, type MediasmithError } from '../../runtime/contract/errors.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exists } from '../../runtime/host/exists.ts';
import { openSource } from '../sources/open-source.ts';
import type { SourceContext } from '../sources/source-tree.ts';
import { folderFiles } from './folder-files.ts';
import { type MediumFiles, notAMedium } from './medium-files.ts';
import { filesOnDevice, filesOnDisk } from './open-disk.ts';
import { wimFiles } from './wim-files.ts';

const AS_SOURCE = 'Name it as a source in media.yaml, and build a medium of it.';
const WINDOWS_FILES = ['sources/boot.wim', 'sources/install.wim', 'sources/install.esd', 'sources/install.swm'];

/**
 * Opens a medium of ours: an ISO or the image of a stick, as a file or on a device, a prestaged WIM, or a folder. `MEDIUM_INVALID` with what
 * it is instead for anything else; `MEDIUM_CORRUPT` for one that is cut short or whose tables contradict each other.
 */
export async function openMedium(path: string, context: SourceContext): Promise<MediumFiles> {
  const kind = await stat(path).catch((cause) => {
    throw notAMedium(path, 'cannot be opened', 'Check the path and that it can be read.', cause);
  });
  if (kind.isDirectory()) return openFolder(path);
  if (kind.isBlockDevice()) return filesOnDevice(path, context);
  if (!kind.isFile()) throw notAMedium(path, 'is neither a file nor a folder nor a disk');
  const wim = await wimFiles(path, context);
  if (wim !== undefined) return wim;
  const { medium, isIso } = await filesOnDisk(path, context);
  if (medium !== undefined) return medium;
  throw await whatFileItIs(path, isIso, context);
}

async function openFolder(path: string): Promise<MediumFiles> {
  const has = (name: string): Promise<boolean> => exists(join(path, name));
  // Before anything is listed: a person may have named the top of a large disk.
  if (await has(MEDIUM_PATHS.manifest)) return folderFiles(path);
  throw (await isWindows(has)) ? windowsMedia(path, 'is a folder of Windows media') : unknown(path);
}

/** What a person has named in place of a medium, and what it is good for. 7-Zip sees what ISO 9660 hides: UDF. */
async function whatFileItIs(path: string, isIso: boolean, context: SourceContext): Promise<MediasmithError> {
  const source = await openSource(path, context).catch((error) => {
    if (isMediasmithError(error) && error.code === 'SOURCE_INVALID') return undefined;
    throw error;
  });
  if (source === undefined) {
    return isIso ? unknown(path) : notAMedium(path, 'is not an ISO file, and no image of a stick with a medium');
  }
  if (source.kind === 'wim') return notAMedium(path, 'is a Windows image and no medium', AS_SOURCE);
  const has = async (name: string): Promise<boolean> => source.tree.find(name) !== undefined;
  if (await isWindows(has)) return windowsMedia(path, isIso ? 'is a Windows ISO' : 'has Windows media in it');
  if (await has(MEDIUM_PATHS.manifest))
    return notAMedium(path, 'is an archive with a medium in it', 'Unpack it first.');
  return unknown(path);
}

async function isWindows(has: (name: string) => Promise<boolean>): Promise<boolean> {
  for (const name of WINDOWS_FILES) if (await has(name)) return true;
  return false;
}

const windowsMedia = (path: string, what: string): MediasmithError =>
  notAMedium(path, `${what} and no medium of ours: name it as a source`, AS_SOURCE);

const unknown = (path: string): MediasmithError =>
  notAMedium(path, `is no medium of ours: it has no ${MEDIUM_PATHS.manifest}`);
