import { stat } from 'node:fs/promises';
import { MediasmithError } from '../contract/errors.ts';
import type { Pointer } from './declarations.ts';
import { wimLibrary } from './library.ts';
import type { WimCallOptions } from './progress.ts';
import { findSplitParts } from './split-parts.ts';
import {
  bootIndexAsWimInfo,
  compressionNumber,
  guidAsWimInfo,
  parseWimInfo,
  WIM_INFO_SIZE,
  type WimCompression,
  type WimInfo,
} from './wim-info.ts';
import { callLibrary, WimSession } from './wim-session.ts';

export type WimOpenOptions = Pick<WimCallOptions, 'signal'> & {
  /** Whether the file may be changed in place. */
  write?: boolean;
};

const CHANGE_GUID = 0x2;
const CHANGE_BOOT_INDEX = 0x4;
const WRITE_ACCESS = 0x4;

/** Opens a WIM file and, where it is the first part of a split one, refers to the other parts beside it. */
export async function openWim(path: string, { signal, write = false }: WimOpenOptions): Promise<WimSession> {
  const call = { task: 'open', doing: `open ${path}`, where: path } as const;
  if (signal?.aborted) throw new MediasmithError('INTERRUPTED', `interrupted: ${call.doing}`);
  await checkIsFile(path);
  const library = await wimLibrary();
  const handle: [Pointer | null] = [null];
  await callLibrary(library, call, (done) =>
    library.functions.openWim.async(path, write ? WRITE_ACCESS : 0, handle, done),
  );
  const session = new WimSession(library, given(handle), path);
  try {
    if (write) refuseUnchangeable(session);
    await referenceParts(session);
    return session;
  } catch (error) {
    session[Symbol.dispose]();
    throw error;
  }
}

/** A WIM without images, in memory only. */
export async function createWim(compression: WimCompression): Promise<WimSession> {
  const library = await wimLibrary();
  const handle: [Pointer | null] = [null];
  const call = { task: 'modify', doing: 'create a WIM', where: compression } as const;
  await callLibrary(library, call, (done) =>
    done(undefined, library.functions.createNewWim(compressionNumber(compression), handle)),
  );
  return new WimSession(library, given(handle), 'a new WIM');
}

/** What the header of an open WIM says. */
export function readWimInfo(session: WimSession): WimInfo {
  const bytes = Buffer.alloc(WIM_INFO_SIZE);
  const call = { task: 'read', doing: `read the header of ${session.path}`, where: session.path } as const;
  session.runNow(call, () => session.library.functions.getWimInfo(session.handle, bytes));
  return parseWimInfo(bytes);
}

/** Gives the WIM the GUID that it is written with. */
export function setWimGuid(session: WimSession, guid: string): void {
  const bytes = guidAsWimInfo(guid);
  const call = { task: 'modify', doing: `set the GUID of ${session.path}`, where: session.path } as const;
  session.runNow(call, () => session.library.functions.setWimInfo(session.handle, bytes, CHANGE_GUID));
}

/** Makes an image the one that is booted; 0 for none. */
export function setWimBootIndex(session: WimSession, index: number): void {
  const bytes = bootIndexAsWimInfo(index);
  const call = {
    task: 'modify',
    doing: `make image ${index} of ${session.path} bootable`,
    where: session.path,
  } as const;
  session.runNow(call, () => session.library.functions.setWimInfo(session.handle, bytes, CHANGE_BOOT_INDEX));
}

/** The library would write the one anew as a whole, and take the other for sound. */
function refuseUnchangeable(session: WimSession): void {
  const { pipable, unfinished } = readWimInfo(session);
  if (pipable) {
    throw new MediasmithError('SOURCE_INVALID', 'a pipable WIM cannot be changed in place', {
      where: session.path,
      hint: 'Write it as an ordinary WIM first: "wimlib-imagex optimize FILE --not-pipable".',
    });
  }
  if (unfinished) {
    throw new MediasmithError('IMAGE_CORRUPT', 'somebody began to write to this WIM and did not come to an end', {
      where: session.path,
      hint: 'Copy the file again from its source.',
    });
  }
}

async function checkIsFile(path: string): Promise<void> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw new MediasmithError('SOURCE_NOT_FOUND', `cannot open ${path}`, {
      where: path,
      hint: 'Check the path and that it can be read.',
      cause,
    });
  });
  if (entry.isFile()) return;
  throw new MediasmithError('SOURCE_INVALID', `${path} is not a file`, { where: path, hint: 'Give a WIM file.' });
}

function given(handle: [Pointer | null]): Pointer {
  if (handle[0] === null) throw new Error('libwim succeeded but gave no handle');
  return handle[0];
}

async function referenceParts(session: WimSession): Promise<void> {
  const info = readWimInfo(session);
  if (info.totalParts === 1) return;
  const parts = await findSplitParts(session.path, info);
  const call = { task: 'open', doing: `open the parts of ${session.path}`, where: session.path } as const;
  const { referenceResourceFiles } = session.library.functions;
  await session.run(call, {}, (done) => referenceResourceFiles.async(session.handle, parts, parts.length, 0, 0, done));
}
