import { isMediasmithError } from '../contract/errors.ts';
import type { Pointer } from './declarations.ts';
import type { WimCallOptions } from './progress.ts';
import { readEntry, type WimEntry } from './wim-entry.ts';
import type { WimSession } from './wim-session.ts';

export type WimListOptions = Pick<WimCallOptions, 'signal'> & {
  /** Everything below the folder and not only what is in it. */
  recursive?: boolean;
};

const RECURSIVE = 0x1;
const CHILDREN = 0x2;
const CONTINUE = 0;
const ABORTED_BY_PROGRESS = 76;

/** What is in a folder of an image, by name. Throws `SOURCE_NOT_FOUND` where the folder is not in the image. */
export async function listPaths(
  session: WimSession,
  image: number,
  folder: string,
  { recursive = false, signal }: WimListOptions,
): Promise<WimEntry[]> {
  // The library's recursive walk begins with the folder itself, its walk over children does not.
  const entries = await visit(session, image, folder, recursive ? RECURSIVE | CHILDREN : CHILDREN, signal);
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The file or folder at a path of an image, whatever its case, or undefined where there is none. */
export async function findPath(session: WimSession, image: number, path: string): Promise<WimEntry | undefined> {
  try {
    const [entry] = await visit(session, image, path, 0, undefined);
    return entry;
  } catch (error) {
    if (isMediasmithError(error) && error.code === 'SOURCE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function visit(
  session: WimSession,
  image: number,
  path: string,
  flags: number,
  signal: AbortSignal | undefined,
): Promise<WimEntry[]> {
  const { library, handle } = session;
  const entries: WimEntry[] = [];
  const callback = library.callback('visit', (entry: Pointer) => {
    if (signal?.aborted) return ABORTED_BY_PROGRESS;
    entries.push(
      readEntry({
        number: (offset, type) => library.readNumber(entry, offset, type),
        text: (offset) => library.readText(entry, offset),
      }),
    );
    return CONTINUE;
  });
  const call = {
    task: 'read',
    doing: `list ${path} in image ${image} of ${session.path}`,
    where: session.path,
  } as const;
  try {
    await session.run(call, signal === undefined ? {} : { signal }, (done) =>
      library.functions.iterateDirTree.async(handle, image, path, flags, callback, null, done),
    );
  } finally {
    library.release(callback);
  }
  return entries;
}
