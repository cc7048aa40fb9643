import { win32 } from 'node:path';
import type { ImageToCapture, TargetVolume } from '../../platform/platform.ts';

export type ImageWish = {
  destination: string;
  imageName?: string | undefined;
  imageCreator?: string | undefined;
  imageVersion?: string | undefined;
  imageDescription?: string | undefined;
};

/**
 * The volumes that become images: Windows' own first, then the others of its disk that hold data. What starts Windows and
 * what repairs it are made anew by a deployment. Pure.
 */
export function imagesToCapture(
  volumes: readonly TargetVolume[],
  windows: TargetVolume,
  wish: ImageWish,
): ImageToCapture[] {
  const name = wish.imageName ?? win32.parse(wish.destination.replaceAll('/', '\\')).name;
  const others = volumes.filter(
    ({ number, role, fileSystem }) => role === 'primary' && fileSystem !== 'none' && number !== windows.number,
  );
  return [windows, ...others].map((volume, index) => ({
    volume,
    name: index === 0 ? name : `${name} (${volume.name})`,
    description: describeImage(wish),
  }));
}

/** DISM has no place in a WIM for who has made it and its version: they follow the description. Pure. */
export function describeImage({ imageDescription, imageVersion, imageCreator }: ImageWish): string {
  const parts = [
    imageDescription,
    imageVersion && `version ${imageVersion}`,
    imageCreator && `created by ${imageCreator}`,
  ];
  return parts.filter(Boolean).join('; ');
}
