import type { ManifestImage } from '../contract/manifest.ts';
import type { StepContext } from './context.ts';
import { imageNamed } from './target.ts';

/** A content package of the medium by its name. */
export function packageNamed(context: StepContext, name: string): ManifestImage {
  return imageNamed(context.medium.manifest.packages, name, 'package');
}

/** Puts the files of a content package into a folder that this machine can open. */
export async function extractPackage(context: StepContext, name: string, folder: string): Promise<ManifestImage> {
  const { medium, platform, signal } = context;
  const content = packageNamed(context, name);
  const onProgress = context.progress(`Fetching ${content.name}`);
  const file = await platform.mediumFile(medium, content.file, { signal, onProgress });
  await platform.extractImage(file, content.index, folder, {
    signal,
    onProgress: context.progress(`Copying ${content.name}`),
  });
  return content;
}

/** Gives a package a folder for as long as something is done in it. */
export async function withPackage<T>(
  context: StepContext,
  name: string,
  deed: (folder: string) => Promise<T>,
): Promise<T> {
  await using folder = await context.platform.temporaryFolder();
  await extractPackage(context, name, folder.path);
  return await deed(folder.path);
}
