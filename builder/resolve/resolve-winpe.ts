import { stat } from 'node:fs/promises';
import { MICROSOFT_ARCHITECTURES } from '../../runtime/contract/architecture.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import type { WimImage } from '../../runtime/wim/wim-image.ts';
import { checkAdditions } from '../boot/winpe/additions.ts';
import { chooseBootImage, readBootImage } from '../boot/winpe/boot-image.ts';
import { refuseOtherMachine } from '../boot/winpe/boot-image-machine.ts';
import type { ResolvedWinpe } from '../boot/winpe/resolved-winpe.ts';
import type { WinpeOptions } from '../config/schema.ts';
import { fingerprintFile } from '../fingerprint.ts';
import { namedSource } from '../named-source.ts';
import { type PackageFolder, readPackageFolder } from '../package-folder.ts';
import { bootImage } from '../sources/boot-image.ts';
import { openSource } from '../sources/open-source.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import { findImage, type ResolveContext, verifyWim } from './resolve-images.ts';

/** Opens the boot image and looks at it. Nothing is changed. */
export async function resolveWinpe(
  options: WinpeOptions,
  packages: readonly PackageFolder[],
  context: ResolveContext,
): Promise<ResolvedWinpe> {
  const source = await bootImage(options.source, MICROSOFT_ARCHITECTURES[options.architecture], context);
  const { file, name } = source;
  const bytes = (await stat(file)).size;
  const image = await namedSource(file, name, () => lookAtImage(options, file, bytes, context));
  const drivers = packages.filter(({ name }) => options.drivers.includes(name));
  const { architecture, files, background } = options;
  await checkAdditions({
    architecture,
    drivers,
    ...(files !== undefined && { files }),
    ...(background !== undefined && { background }),
  });
  const extra = options.bootFiles === undefined ? undefined : await mediaTree(options.bootFiles, context);
  return {
    options,
    file,
    name,
    bytes,
    fingerprint: await fingerprintFile(file),
    index: image.index,
    image,
    media: [extra, source.media].filter((tree) => tree !== undefined),
    drivers,
    files: options.files === undefined ? undefined : await readPackageFolder('winpe.files', options.files),
  };
}

/** The image that starts, once it is sure that it can. */
async function lookAtImage(
  { source, image, architecture }: WinpeOptions,
  file: string,
  bytes: number,
  context: ResolveContext,
): Promise<WimImage> {
  const { signal } = context;
  using wim = await WimFile.open(file, { signal });
  const wanted = image === undefined ? undefined : findImage(source, wim.images(), image).index;
  const chosen = chooseBootImage(wim, source, wanted);
  await readBootImage(wim, source, chosen, architecture);
  await verifyWim(wim, file, bytes, context);
  await refuseOtherMachine(wim, source, chosen, { architecture, signal });
  return chosen;
}

async function mediaTree(path: string, context: ResolveContext): Promise<SourceTree> {
  const source = await openSource(path, context);
  if (source.kind === 'tree') return source.tree;
  throw new MediasmithError('SOURCE_INVALID', `${path} is a WIM and has no boot files around it`, {
    where: path,
    hint: 'Name a Windows ISO or the Media folder of the ADK.',
  });
}
