import { stat } from 'node:fs/promises';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import type { ImageSource } from '../config/content-schema.ts';
import { installImage } from '../sources/install-image.ts';
import { isWim, WIM_NAME } from '../sources/open-source.ts';
import type { SourceContext } from '../sources/source-tree.ts';
import { findImage } from './resolve-images.ts';
import type { SizedImage } from './unfit-volumes.ts';

/**
 * How large images are that can be asked at once: in a WIM, or in a folder with one. What is missing, damaged, or inside an
 * ISO is left out: the build opens that.
 */
export async function imagesOnHand(images: readonly ImageSource[], context: SourceContext): Promise<SizedImage[]> {
  const found: SizedImage[] = [];
  for (const [source, wanted] of Map.groupBy(images, (image) => image.source))
    found.push(...(await sizesIn(source, wanted, context).catch(nothingKnown)));
  return found;
}

async function sizesIn(source: string, images: readonly ImageSource[], context: SourceContext): Promise<SizedImage[]> {
  const kind = await stat(source);
  if (!kind.isDirectory() && !(kind.isFile() && (WIM_NAME.test(source) || (await isWim(source))))) return [];
  const { file } = await installImage(source, context);
  using wim = await WimFile.open(file, { signal: context.signal });
  const there = wim.images();
  return images.map(({ name, image }) => ({ name, bytes: findImage(file, there, image).image.bytes }));
}

function nothingKnown(error: unknown): SizedImage[] {
  if (isMediasmithError(error) || (error instanceof Error && 'syscall' in error)) return [];
  throw error;
}
