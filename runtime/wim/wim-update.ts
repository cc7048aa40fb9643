import { stat } from 'node:fs/promises';
import { MediasmithError } from '../contract/errors.ts';
import { pinAccessTimes } from './access-times.ts';
import type { WimCallOptions } from './progress.ts';
import { imageTime } from './wim-properties.ts';
import type { WimSession } from './wim-session.ts';

export type WimAddOptions = WimCallOptions & {
  /** Unless false, a file that is there is replaced. Folders are always united, and keep what is said of them. */
  replace?: boolean;
};

const NO_ACLS = 0x20;
const NO_REPLACE = 0x2000;
const RECURSIVE = 0x2;

/** Puts a file or a folder into an image at a path of any case; the root is `/`. Its data is read at the next write. */
export async function addTree(
  session: WimSession,
  image: number,
  source: string,
  target: string,
  { replace = true, ...options }: WimAddOptions,
): Promise<void> {
  await checkIsThere(source);
  const newest = await pinAccessTimes(source, session.library.setAccessTime);
  const flags = NO_ACLS | (replace ? 0 : NO_REPLACE);
  const call = { task: 'add', doing: `add ${source} to image ${image} of ${session.path}`, where: source } as const;
  await session.run(call, options, (done) =>
    session.library.functions.addTree.async(session.handle, image, source, target, flags, done),
  );
  noteChange(session, image, newest);
}

/** Removes a file, or a folder with everything in it. Throws `SOURCE_NOT_FOUND` where there is none. */
export async function deletePath(session: WimSession, image: number, path: string): Promise<void> {
  const call = changing(session, `delete ${path} in image ${image}`);
  await session.run(call, {}, (done) =>
    session.library.functions.deletePath.async(session.handle, image, path, RECURSIVE, done),
  );
  noteChange(session, image);
}

/** Gives a file or a folder another path, in place of a file that is there. No data is touched. */
export async function renamePath(session: WimSession, image: number, from: string, to: string): Promise<void> {
  const call = changing(session, `rename ${from} to ${to} in image ${image}`);
  await session.run(call, {}, (done) =>
    session.library.functions.renamePath.async(session.handle, image, from, to, done),
  );
  noteChange(session, image);
}

function changing(session: WimSession, doing: string) {
  return { task: 'modify', doing: `${doing} of ${session.path}`, where: session.path } as const;
}

async function checkIsThere(source: string): Promise<void> {
  await stat(source).catch((cause: unknown) => {
    throw new MediasmithError('SOURCE_NOT_FOUND', `cannot read ${source}`, {
      where: source,
      hint: 'Check the path and that it can be read.',
      cause,
    });
  });
}

/** The library would say that the image was changed now: it says what it said, or the time of the newest file added. */
function noteChange(session: WimSession, image: number, newest = 0n): void {
  const before = session.imageTimes.get(image) ?? imageTime(session, image, 'LASTMODIFICATIONTIME') ?? 0n;
  session.imageTimes.set(image, newest > before ? newest : before);
}
