import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { WimFile } from '../../../runtime/wim/wim-file.ts';
import type { WimImage } from '../../../runtime/wim/wim-image.ts';
import type { WindowsArchitecture } from './windows-packages.ts';

/** Where the system's programs and libraries lie in an image. */
export const SYSTEM32 = 'Windows/System32';

const REQUIRED = ['winpeshl.exe', 'wpeinit.exe'];

/**
 * Finds the image that is started: the one asked for, else the one the file boots, else the only one. Throws
 * `BOOT_IMAGE_INVALID` for a file that no boot loader reads or that has no such image, `IMAGE_NOT_FOUND` for a number
 * that is not there.
 */
export function chooseBootImage(wim: WimFile, path: string, index: number | undefined): WimImage {
  refuseUnbootable(wim, path);
  const images = wim.images();
  const wanted = index ?? (wim.info.bootIndex > 0 ? wim.info.bootIndex : images.length === 1 ? 1 : undefined);
  const image = images.find((candidate) => candidate.index === wanted);
  if (image !== undefined) return image;
  const lines = images.map((candidate) => `${candidate.index}: ${candidate.name}`);
  if (wanted !== undefined) {
    throw new MediasmithError('IMAGE_NOT_FOUND', `there is no image ${wanted} in ${path}`, {
      where: path,
      lines,
      hint: 'Choose one of these images.',
    });
  }
  throw new MediasmithError('BOOT_IMAGE_INVALID', `${path} does not say which of its images is started`, {
    where: path,
    lines,
    hint: 'Say which image to start: in a boot.wim of Windows, 2 is Windows Setup and 1 the plain Windows PE.',
  });
}

/**
 * The names in Windows\System32 of an image, in lower case. Throws `BOOT_IMAGE_INVALID` for an image that is no WinPE of
 * ours to start, `ARCHITECTURE_MISMATCH`.
 */
export async function readBootImage(
  wim: WimFile,
  path: string,
  image: WimImage,
  architecture: WindowsArchitecture,
): Promise<ReadonlySet<string>> {
  const entries = (await wim.exists(image.index, SYSTEM32)) ? await wim.listPaths(image.index, SYSTEM32) : [];
  const names = new Set(entries.map((entry) => entry.path.slice(entry.path.lastIndexOf('/') + 1).toLowerCase()));
  refuseNoPe(path, image, names);
  refuseArchitecture(path, image, architecture);
  return names;
}

function refuseUnbootable({ info }: WimFile, path: string): void {
  if (!info.esdFormat) return;
  throw new MediasmithError(
    'BOOT_IMAGE_INVALID',
    `${path} is solid or compressed with LZMS, which Windows' boot loader cannot read`,
    {
      where: path,
      hint: 'Export it with LZX: "wimlib-imagex export FILE all boot.wim --compress=LZX", or DISM with /Compress:max.',
    },
  );
}

function refuseNoPe(path: string, image: WimImage, system32: ReadonlySet<string>): void {
  const missing = REQUIRED.filter((name) => !system32.has(name));
  if (missing.length === 0) return;
  throw new MediasmithError('BOOT_IMAGE_INVALID', `image ${image.index} "${image.name}" of ${path} is no Windows PE`, {
    where: path,
    lines: missing.map((name) => `missing: \\${SYSTEM32.replaceAll('/', '\\')}\\${name}`),
    hint: 'Give a boot.wim with a Windows PE in it: sources\\boot.wim of a Windows ISO, or winpe.wim of the ADK.',
  });
}

function refuseArchitecture(path: string, image: WimImage, architecture: WindowsArchitecture): void {
  const has = image.windows?.architecture ?? 'unknown';
  if (has === architecture) return;
  const what = `image ${image.index} "${image.name}" of ${path}`;
  if (has === 'x86') {
    throw new MediasmithError('BOOT_IMAGE_INVALID', `${what} is a 32-bit Windows PE`, {
      where: path,
      hint: 'Give the 64-bit boot.wim: no 64-bit program runs in this one, and Mediasmith has no 32-bit runtime.',
    });
  }
  if (has === 'unknown') {
    throw new MediasmithError('BOOT_IMAGE_INVALID', `${what} does not say for which architecture it is`, {
      where: path,
      hint: 'Set it: "wimlib-imagex info FILE INDEX --image-property WINDOWS/ARCH=9" (9 is x64, 12 is arm64).',
    });
  }
  throw new MediasmithError('ARCHITECTURE_MISMATCH', `${what} is for ${has}, the runtime for ${architecture}`, {
    where: path,
    hint: `Give a boot.wim for ${architecture}, or build for ${has}.`,
  });
}
