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

const ALL_IMAGES = -1;
const CHECK_INTEGRITY = 0x1;
const NO_CHECK_INTEGRITY = 0x2;
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

/** Reads everything in the WIM and compares it with the SHA-1 sums in it. Throws `IMAGE_CORRUPT` where they differ. */
export async function verifyWim(session: WimSession, options: WimCallOptions): Promise<void> {
  const call = { task: 'verify', doing: `verify ${session.path}`, where: session.path } as const;
  await session.run(call, options, (done) => session.library.functions.verifyWim.async(session.handle, 0, done));
}

/** The library says that a captured image was modified when it is written. Only the XML is written again here. */
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
