import { rename, rm } from 'node:fs/promises';
import type { WimCallOptions } from './progress.ts';
import { compressionNumber, type WimCompression } from './wim-info.ts';
import { openWim } from './wim-open.ts';
import { setImageTime } from './wim-properties.ts';
import type { WimSession } from './wim-session.ts';

export type WimWriteOptions = WimCallOptions & {
  /** 0, the default, lets the library choose. The bytes written do not depend on it. */
  threads?: number;
  /** That of the file opened or created, unless given. */
  compression?: WimCompression;
  /** Whether the file gets an integrity table; unless given, it does if the file opened had one. */
  integrity?: boolean;
};

export type WimOverwriteOptions = WimCallOptions & {
  threads?: number;
  /** When the changed images say they were modified, unless the newest file added or their time before is to say it. */
  modified?: Date;
  /** Writes the whole file anew, without the space of what is no longer in it, and takes its place when it is whole. */
  rebuild?: boolean;
};

const ALL_IMAGES = -1;
const CHECK_INTEGRITY = 0x1;
const NO_CHECK_INTEGRITY = 0x2;
const REBUILD = 0x40;
const RETAIN_GUID = 0x800;

/** Writes all images into a new file, which appears under its name only when it is whole, and keeps the GUID. */
export async function writeWim(session: WimSession, path: string, options: WimWriteOptions): Promise<void> {
  const { threads = 0, compression, integrity, ...callOptions } = options;
  const { functions } = session.library;
  const call = { task: 'write', doing: `write ${path}`, where: path } as const;
  if (compression !== undefined) {
    const type = compressionNumber(compression);
    session.runNow(call, () => functions.setOutputCompressionType(session.handle, type));
  }
  const flags = RETAIN_GUID | integrityFlag(integrity);
  const unfinished = `${path}.part`;
  try {
    await session.run(call, callOptions, (done) =>
      functions.write.async(session.handle, unfinished, ALL_IMAGES, flags, threads, done),
    );
    await setModificationTimes(unfinished, session.imageTimes);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/**
 * Writes the changes into the file opened for writing, behind what is there, and closes it. What was compressed stays as
 * it is. When this is interrupted or fails, the file is as it was before.
 */
export async function overwriteWim(session: WimSession, options: WimOverwriteOptions): Promise<void> {
  const { threads = 0, modified, rebuild = false, ...callOptions } = options;
  const call = { task: 'write', doing: `change ${session.path}`, where: session.path } as const;
  const flags = RETAIN_GUID | (rebuild ? REBUILD : 0);
  await session.run(call, callOptions, (done) =>
    session.library.functions.overwrite.async(session.handle, flags, threads, done),
  );
  // The library's object is of no more use when the file has been written.
  session[Symbol.dispose]();
  const given = modified === undefined ? undefined : BigInt(modified.getTime()) * 1_000_000n;
  const times = [...session.imageTimes].map(([image, time]) => [image, given ?? time] as const);
  await setModificationTimes(session.path, new Map(times));
}

/** Reads everything in the WIM and compares it with the SHA-1 sums in it. Throws `IMAGE_CORRUPT` where they differ. */
export async function verifyWim(session: WimSession, options: WimCallOptions): Promise<void> {
  const call = { task: 'verify', doing: `verify ${session.path}`, where: session.path } as const;
  await session.run(call, options, (done) => session.library.functions.verifyWim.async(session.handle, 0, done));
}

/** The library says that an image was modified when it is written. Only the XML is written again here. */
async function setModificationTimes(path: string, times: ReadonlyMap<number, bigint>): Promise<void> {
  if (times.size === 0) return;
  using written = await openWim(path, {});
  for (const [image, time] of times) setImageTime(written, image, 'LASTMODIFICATIONTIME', time);
  const call = { task: 'write', doing: `write ${path}`, where: path } as const;
  await written.run(call, {}, (done) => written.library.functions.overwrite.async(written.handle, 0, 1, done));
}

function integrityFlag(integrity: boolean | undefined): number {
  if (integrity === undefined) return 0;
  return integrity ? CHECK_INTEGRITY : NO_CHECK_INTEGRITY;
}
