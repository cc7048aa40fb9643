import { MEDIUM_PATHS } from '../../../contract/manifest.ts';
import { PATIENCE_SECONDS, WebError, WebFiles } from '../../../host/web-files.ts';
import { listedFiles } from '../../listed-files.ts';
import { FileTree } from './file-tree.ts';
import { ERRNO } from './fuse-protocol.ts';
import { serveFuse } from './fuse-session.ts';

/** The line that says that the medium can be read; every other line is for the person who watches. */
export const READY_LINE = 'ready';

/** Where whoever starts this process has opened /dev/fuse (templates/linux/mount-url). */
const FUSE_DEVICE = 3;

/**
 * Shows the medium below an address of a web server as the files its manifest lists. Its own process: see
 * {@link serveFuse}. Ends when the file system is unmounted; `write` takes lines.
 */
export async function serveMedium(
  address: string,
  write: (text: string) => void,
  { device = FUSE_DEVICE, patienceSeconds = PATIENCE_SECONDS } = {},
): Promise<number> {
  const files = new WebFiles(new URL(address), (line) => write(`${line}\n`), patienceSeconds);
  const small = new Map<string, Buffer>();
  for (const path of [MEDIUM_PATHS.manifest, MEDIUM_PATHS.manifestDigest]) {
    const data = await files.readWhole(path).catch(() => undefined);
    if (data === undefined) return 1;
    small.set(path, data);
  }
  const signature = await files
    .readWhole(MEDIUM_PATHS.manifestSignature, undefined, { optional: true })
    .catch(noneOrAway);
  if (signature === 'away') return 1;
  if (signature !== undefined) small.set(MEDIUM_PATHS.manifestSignature, signature);
  const listed = listedFiles(small.get(MEDIUM_PATHS.manifest) ?? Buffer.alloc(0));
  const tree = new FileTree();
  for (const [path, data] of small) tree.add(path, data.length);
  for (const { path, bytes } of listed) tree.add(path, bytes);
  const sizes = new Map(listed.map(({ path, bytes }) => [path, bytes]));
  write(`${READY_LINE}\n`);
  await serveFuse(device, tree, async (path, offset, length) => {
    const held = small.get(path);
    if (held !== undefined) return held.subarray(offset, offset + length);
    return files.read(path, offset, length, sizes.get(path) ?? 0).catch(tellReader);
  });
  return 0;
}

/** A medium need not be signed. */
function noneOrAway(error: unknown): undefined | 'away' {
  return error instanceof WebError && error.code === 'ENOENT' ? undefined : 'away';
}

/** With the number by which the kernel tells whoever reads the file. */
function tellReader(error: unknown): never {
  throw error instanceof WebError ? Object.assign(error, { errno: ERRNO[error.code] }) : error;
}
