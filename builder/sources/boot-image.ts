import { MediasmithError } from '../../runtime/contract/errors.ts';
import { openSource } from './open-source.ts';
import type { SourceContext, SourceTree } from './source-tree.ts';

/** A boot.wim on this machine, and the files around it, out of which boot files can come. */
export type BootImageSource = {
  file: string;
  /** What a person knows it by: one inside an ISO lies in the cache. */
  name: string;
  media: SourceTree | undefined;
};

const ADK = 'Windows Preinstallation Environment/';

/** Where a boot image lies: on Windows media, in a folder copype has made, in the ADK from each of its levels. */
function places(architecture: 'amd64' | 'arm64'): string[] {
  return [
    'sources/boot.wim',
    'x64/sources/boot.wim',
    'media/sources/boot.wim',
    'en-us/winpe.wim',
    `${architecture}/en-us/winpe.wim`,
    `${ADK}${architecture}/en-us/winpe.wim`,
  ];
}

/** The boot image a source means. `SOURCE_INVALID` where there is none in it. */
export async function bootImage(
  path: string,
  architecture: 'amd64' | 'arm64',
  context: SourceContext,
): Promise<BootImageSource> {
  const source = await openSource(path, context);
  if (source.kind === 'wim') return { file: source.file, name: path, media: undefined };
  const { tree } = source;
  const wanted = places(architecture);
  const found = wanted.map((place) => tree.find(place)).find((place) => place !== undefined);
  if (found === undefined) {
    throw new MediasmithError('SOURCE_INVALID', `${path} has no boot image in it`, {
      where: path,
      lines: wanted.map((place) => `looked for: ${place}`),
      hint: 'Name a Windows ISO, the folder of the Windows PE add-on of the ADK, or a boot.wim.',
    });
  }
  const [file] = await tree.fetch([found]);
  if (file === undefined) throw new Error('nothing was fetched');
  return { file, name: `${found} in ${path}`, media: tree };
}
