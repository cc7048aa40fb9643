import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestFile } from '../../contract/manifest.ts';
import { exists } from '../../host/exists.ts';
import { discsOf } from '../discs-of.ts';
import { holdMedium, mayBeTakenOut, mediumFactsAt } from '../hold-medium.ts';
import { KeptMedium } from '../kept-medium.ts';
import { isReadAtFirst, MOUNTED_FILES } from '../mounted-files.ts';
import type { MediumFiles, MountedMedium } from '../platform.ts';
import { KEPT_MEDIUM_FOLDER, STATE_FOLDER } from '../state-folder.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { present, presentMedia } from '../winpe/keep-medium.ts';

type Drives = Pick<WinpeHost, 'win32' | 'drive' | 'log'>;

/** Where a medium is kept that may be taken out, below the drive of Windows. A restart finds it there. */
export function keptFolder({ drive }: Pick<WinpeHost, 'drive'>, letter: string): string {
  return join(drive(letter), STATE_FOLDER, KEPT_MEDIUM_FOLDER);
}

/** How the files of a medium are read that was found: kept on the drive of Windows where it may be taken out. */
export async function filesOfMedium(host: Drives, letter: string, medium: MountedMedium): Promise<MediumFiles> {
  const facts = await mediumFactsAt(medium.root);
  const folder = keptFolder(host, letter);
  if (facts === undefined || (medium.root !== folder && !mayBeTakenOut(facts))) return MOUNTED_FILES;
  if (medium.root === folder || (await isTogether(medium.root, facts.files)))
    return filesThere(medium.root, facts.files);
  const source = await discsOf(facts, {
    first: present(medium.root, medium.device),
    look: () => presentMedia(host),
  });
  return new KeptMedium({
    mounted: medium,
    held: new Set(),
    files: facts.files,
    source,
    placeOn: () => undefined,
    place: {
      name: `${letter}:`,
      open: async () => {
        await mkdir(folder, { recursive: true });
        await holdMedium(medium.root, facts, folder);
        return folder;
      },
      leave: async () => undefined,
      clear: () => rm(folder, { recursive: true, force: true }),
    },
    log: (level, message) => host.log(level, message),
  });
}

/** Whether the files of all discs are in one folder. */
async function isTogether(root: string, files: readonly ManifestFile[]): Promise<boolean> {
  const later = files.find(({ disc = 1 }) => disc > 1);
  return later !== undefined && (await exists(join(root, later.path)));
}

/** A folder that has as much of a medium as a run needs. */
async function filesThere(root: string, files: readonly ManifestFile[]): Promise<MediumFiles> {
  const there = new Set<string>();
  for (const { path } of files) if (await exists(join(root, path))) there.add(path);
  const filesToVerify: MediumFiles['filesToVerify'] = (listed, needed) =>
    needed === undefined ? listed.filter((file) => there.has(file.path) && isReadAtFirst({ ...file, disc: 1 })) : [];
  return { ...MOUNTED_FILES, filesToVerify };
}
