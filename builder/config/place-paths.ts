import { isAbsolute, resolve } from 'node:path';
import type { Problem } from '../../runtime/contract/errors.ts';
import type { ProblemAt } from '../../runtime/sequence/issues.ts';
import { leaves } from '../leaves.ts';
import type { SecretSource, SigningOptions } from './media-options.ts';
import type { MediaFile, WinpeOptions } from './schema.ts';

/** Makes every path absolute. A relative one must stay in the folder: what lies elsewhere is named in full. */
export function placePaths(
  value: MediaFile,
  folder: string,
  problemAt: ProblemAt,
): { value: MediaFile; problems: Problem[] } {
  const problems: Problem[] = [];
  const place: Place = (written, ...at) => {
    const absolute = resolve(folder, written);
    if (!isAbsolute(written) && leaves(folder, absolute)) {
      const message = `"${written}" leaves the project's folder`;
      const hint = 'Write an absolute path when something outside the folder is meant.';
      problems.push(problemAt(at, { code: 'PATH_OUTSIDE', message, hint }));
    }
    return absolute;
  };
  const placed: MediaFile = {
    ...value,
    images: value.images.map((image, index) => ({ ...image, source: place(image.source, 'images', index, 'source') })),
    packages: value.packages.map((item, index) => ({
      ...item,
      source: place(item.source, 'packages', index, 'source'),
    })),
    upgradePackages: value.upgradePackages.map((item, index) => ({
      ...item,
      source: place(item.source, 'upgradePackages', index, 'source'),
    })),
    ...(value.machines !== undefined && { machines: place(value.machines, 'machines') }),
    sequences: value.sequences.map((written, index) => place(written, 'sequences', index)),
    outputs: value.outputs.map((output, index) => ({
      ...output,
      ...(output.iso !== undefined && { iso: place(output.iso, 'outputs', index, 'iso') }),
      ...(output.usb !== undefined && { usb: place(output.usb, 'outputs', index, 'usb') }),
      ...(output.prestaged !== undefined && { prestaged: place(output.prestaged, 'outputs', index, 'prestaged') }),
      ...(output.pxe !== undefined && { pxe: place(output.pxe, 'outputs', index, 'pxe') }),
      ...(output.wimboot !== undefined && { wimboot: place(output.wimboot, 'outputs', index, 'wimboot') }),
    })),
    ...(value.password !== undefined && { password: placeSecret(value.password, place, 'password') }),
    ...(value.signing !== undefined && { signing: placeSigning(value.signing, place) }),
    ...(value.winpe !== undefined && { winpe: placeWinpe(value.winpe, place) }),
  };
  return { value: placed, problems };
}

type Place = (written: string, ...at: PropertyKey[]) => string;

function placeSecret(secret: SecretSource, place: Place, ...at: PropertyKey[]): SecretSource {
  return secret.file === undefined ? secret : { ...secret, file: place(secret.file, ...at, 'file') };
}

function placeSigning({ key, password }: SigningOptions, place: Place): SigningOptions {
  return {
    key: place(key, 'signing', 'key'),
    ...(password !== undefined && { password: placeSecret(password, place, 'signing', 'password') }),
  };
}

function placeWinpe(winpe: WinpeOptions, place: Place): WinpeOptions {
  const { source, bootFiles, files, background } = winpe;
  return {
    ...winpe,
    source: place(source, 'winpe', 'source'),
    ...(bootFiles !== undefined && { bootFiles: place(bootFiles, 'winpe', 'bootFiles') }),
    ...(files !== undefined && { files: place(files, 'winpe', 'files') }),
    ...(background !== undefined && { background: place(background, 'winpe', 'background') }),
  };
}
