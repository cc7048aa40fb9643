import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { keepNewest, markUsed } from '../cached-folder.ts';
import { hashBytes } from '../hash.ts';
import { identityOf, refuseChangedSince } from '../source-memory.ts';
import { type ArchiveFile, listArchive } from '../tools/seven-zip.ts';
import { type SourceContext, type SourceTree, sourceTree } from './source-tree.ts';
import { isWhole, unpack } from './unpack.ts';

/** A Windows ISO leaves 5 GB here. */
const KEPT = 3;

/**
 * The files inside a disc image or an archive. Nothing is unpacked but what is fetched; that lies in the cache for as long
 * as the image stays the same file, so that the next build need not unpack it again.
 */
export async function archiveTree(archive: string, context: SourceContext): Promise<SourceTree> {
  const { exec, signal } = context;
  const identity = await identityOf(archive);
  const place = join(unpackedFolder(context), hashBytes(Buffer.from(`${archive} ${identity}`)));
  const folder = join(place, 'files');
  const listing = await listArchive(archive, exec, signal);
  refuseEscaping(archive, listing.files);
  const byPath = new Map(listing.files.map((file) => [file.path, file]));
  return sourceTree(archive, listing.files, folder, async (paths) => {
    const missing: ArchiveFile[] = [];
    for (const path of paths) {
      const file = byPath.get(path);
      if (file !== undefined && !(await isWhole(join(folder, path), file.bytes))) missing.push(file);
    }
    const to = { folder, scratchParent: unpackedFolder(context) };
    if (missing.length > 0) {
      await unpack({ archive, listing, files: missing }, to, context);
      // What was unpacked lies where no later build looks for it.
      await refuseChangedSince(archive, identity);
    }
    await markUsed(place);
  });
}

/** Removes what was unpacked from images that have not been used for longest; `inUse` of them are kept at least. */
export async function forgetUnpacked(context: SourceContext, inUse: number): Promise<void> {
  await keepNewest(unpackedFolder(context), Math.max(KEPT, inUse));
}

function unpackedFolder({ cacheFolder }: SourceContext): string {
  return join(cacheFolder, 'unpacked');
}

/** An image is not ours: a name in it must not lead out of the folder it is unpacked into. */
function refuseEscaping(archive: string, files: readonly { path: string }[]): void {
  const bad = files.find(({ path }) => path.startsWith('/') || path.split('/').includes('..'));
  if (bad === undefined) return;
  throw new MediasmithError('SOURCE_INVALID', `${archive} has a file whose name leads out of it: ${bad.path}`, {
    where: archive,
    hint: 'It was not made by a usual program: do not use it.',
  });
}
