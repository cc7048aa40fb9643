import { stat } from 'node:fs/promises';
import { MediasmithError } from '../contract/errors.ts';
import { pinAccessTimes } from './access-times.ts';
import type { WimCallOptions } from './progress.ts';
import { readWimInfo } from './wim-open.ts';
import { setImageTime } from './wim-properties.ts';
import type { WimSession } from './wim-session.ts';

export type WimCaptureOptions = WimCallOptions & {
  /** When the image says it was made. A folder's image says the newest modification time in it unless this is given. */
  created?: Date;
};

const NTFS = 0x1;
const NO_ACLS = 0x20;

/**
 * Adds an image of a folder: names, contents and times, without ACLs and Unix data, nothing excluded. Files are read
 * when the WIM is written, so the folder must stay as it is until then. Access times in the folder are set to the
 * modification times, so that the same folder gives the same bytes.
 */
export async function addFolder(
  session: WimSession,
  folder: string,
  name: string,
  { created, ...options }: WimCaptureOptions,
): Promise<void> {
  await checkIsFolder(folder);
  const newest = await pinAccessTimes(folder, session.library.setAccessTime);
  await addImage(session, folder, name, NO_ACLS, options);
  setCreated(session, created === undefined ? newest : nanosecondsOf(created));
}

/** Adds an image of an NTFS file system that is not mounted, with its security descriptors, streams and short names. */
export async function addNtfsVolume(
  session: WimSession,
  device: string,
  name: string,
  { created, ...options }: WimCaptureOptions,
): Promise<void> {
  await addImage(session, device, name, NTFS, options);
  if (created !== undefined) setCreated(session, nanosecondsOf(created));
}

async function checkIsFolder(folder: string): Promise<void> {
  const entry = await stat(folder).catch(() => undefined);
  if (entry?.isDirectory()) return;
  throw new MediasmithError('SOURCE_NOT_FOUND', `${folder} is not a folder`, {
    where: folder,
    hint: 'Check the path and that it can be read.',
  });
}

async function addImage(
  session: WimSession,
  source: string,
  name: string,
  flags: number,
  options: WimCallOptions,
): Promise<void> {
  const call = { task: 'capture', doing: `capture ${source}`, where: source } as const;
  await session.run(call, options, (done) =>
    session.library.functions.addImage.async(session.handle, source, name, null, flags, done),
  );
}

function setCreated(session: WimSession, nanoseconds: bigint): void {
  const image = readWimInfo(session).imageCount;
  setImageTime(session, image, 'CREATIONTIME', nanoseconds);
  session.imageTimes.set(image, nanoseconds);
}

function nanosecondsOf(date: Date): bigint {
  return BigInt(date.getTime()) * 1_000_000n;
}
