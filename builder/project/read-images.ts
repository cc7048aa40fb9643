import { WimFile } from '../../runtime/wim/wim-file.ts';
import type { WimImage } from '../../runtime/wim/wim-image.ts';
import { namedSource } from '../named-source.ts';
import { installImage } from '../sources/install-image.ts';
import type { SourceContext } from '../sources/source-tree.ts';

/** Every image of a Windows ISO, of a folder with its files, or of a WIM. What is inside an ISO is unpacked, once. */
export async function readImages(source: string, context: SourceContext): Promise<WimImage[]> {
  const { file, name } = await installImage(source, context);
  return await namedSource(file, name, async () => {
    using wim = await WimFile.open(file, { signal: context.signal });
    return wim.images();
  });
}
