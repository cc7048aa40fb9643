import { open, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { WINPE_FOLDER, WINPE_START_FILE, WinpeStart } from '../../../runtime/contract/winpe-start.ts';
import type { ScratchSpace } from '../../config/schema.ts';
import { readAdditionalFiles } from './additional-files.ts';
import { SYSTEM32 } from './boot-image.ts';
import { checkDriverPackages, type DriverPackage } from './driver-packages.ts';
import { SYSTEM_HIVE } from './scratch-space.ts';
import type { StagedTree } from './staged-tree.ts';
import type { WindowsArchitecture } from './windows-packages.ts';
import { winpeshlIni, winpeText } from './winpeshl.ts';

/** What goes into a boot image. */
export type BootImageAdditions = {
  /** The runtime, `mediasmith.exe`. */
  executable: string;
  architecture: WindowsArchitecture;
  /** The name of the image. */
  bootImage: string;
  /** Who must have signed the medium. */
  publicKey?: string | undefined;
  drivers: readonly DriverPackage[];
  /** What may be written to X:, in MiB; unless given, as much as the image says. */
  scratchSpaceMiB?: ScratchSpace;
  /** A folder whose content goes to the root of X:. */
  files?: string;
  /** A JPEG. */
  background?: string;
  keyboardLayout?: string;
  /** Whether a key opens a command prompt beside the running sequence. After a failure there always is one. */
  commandPrompt: boolean;
};

/** What winpeshl.exe starts where there is no winpeshl.ini. \sources\setup.exe is not among it and stays. */
export const SETUPS = ['setup.exe', '$Windows.~BT/sources/setup.exe'];

const TEMPLATES = {
  winpeshl: fileURLToPath(new URL('../../../templates/winpe/winpeshl.ini', import.meta.url)),
  failed: fileURLToPath(new URL('../../../templates/winpe/failed.txt', import.meta.url)),
};
const TARGETS = {
  executable: `${WINPE_FOLDER}/mediasmith.exe`,
  start: `${WINPE_FOLDER}/${WINPE_START_FILE}`,
  failed: `${WINPE_FOLDER}/failed.txt`,
  winpeshl: `${SYSTEM32}/winpeshl.ini`,
  background: `${SYSTEM32}/winpe.jpg`,
};

/** Where everything comes to lie, as paths from the root: what is ours, and the person's own files. */
export type AddedPaths = { ours: string[]; files: string[] };

/** Everything that can be wrong with what is added. Throws `SOURCE_INVALID`, `SOURCE_NOT_FOUND`, `DRIVER_WRONG_ARCHITECTURE`. */
export async function checkAdditions(
  additions: Pick<BootImageAdditions, 'background' | 'files' | 'scratchSpaceMiB' | 'drivers' | 'architecture'>,
): Promise<AddedPaths> {
  const { background, files, scratchSpaceMiB, drivers, architecture } = additions;
  const ours = [
    ...[TARGETS.executable, TARGETS.start, TARGETS.failed, TARGETS.winpeshl],
    ...(background === undefined ? [] : [TARGETS.background]),
    ...(scratchSpaceMiB === undefined ? [] : [SYSTEM_HIVE]),
    ...drivers.map(driverFolder),
  ];
  await checkDriverPackages(drivers, architecture);
  if (background !== undefined) await refuseNoJpeg(background);
  return { ours, files: files === undefined ? [] : await readAdditionalFiles(files, [...ours, ...SETUPS]) };
}

/** Copies everything but the registry hive to its place. */
export async function stageAdditions(additions: BootImageAdditions, tree: StagedTree): Promise<void> {
  const { background, files, drivers, executable } = additions;
  await tree.copy(executable, TARGETS.executable);
  await tree.write(TARGETS.start, `${JSON.stringify(startOf(additions), null, 2)}\n`);
  await tree.write(TARGETS.failed, winpeText(await readFile(TEMPLATES.failed, 'utf8'), TEMPLATES.failed));
  await tree.write(TARGETS.winpeshl, winpeshlIni(await readFile(TEMPLATES.winpeshl, 'utf8'), TEMPLATES.winpeshl));
  for (const driver of drivers) await tree.copyFolder(driver.folder, driverFolder(driver));
  if (files !== undefined) await tree.copyFolder(files, '');
  if (background !== undefined) await tree.copy(background, TARGETS.background);
}

function startOf({ bootImage, publicKey, keyboardLayout, commandPrompt, drivers }: BootImageAdditions): WinpeStart {
  return WinpeStart.parse({
    formatVersion: 1,
    bootImage,
    publicKey,
    keyboardLayout,
    commandPrompt,
    drivers: drivers.map(({ name }) => `drivers/${name}`),
  });
}

function driverFolder({ name }: DriverPackage): string {
  return `${WINPE_FOLDER}/drivers/${name}`;
}

async function refuseNoJpeg(path: string): Promise<void> {
  const unreadable = (cause: unknown): never => {
    throw new MediasmithError('SOURCE_NOT_FOUND', `cannot read the background ${path}`, {
      where: path,
      hint: 'Check the path and that it can be read.',
      cause,
    });
  };
  const kind = await stat(path).catch(unreadable);
  if (kind.isFile()) {
    await using file = await open(path).catch(unreadable);
    const { buffer } = await file.read(Buffer.alloc(3), 0, 3, 0);
    if (buffer.toString('hex') === 'ffd8ff') return;
  }
  throw new MediasmithError('SOURCE_INVALID', `the background ${path} is no JPEG`, {
    where: path,
    hint: 'Give a .jpg file: Windows PE shows nothing else.',
  });
}
