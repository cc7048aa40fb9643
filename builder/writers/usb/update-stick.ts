import type { FileHandle } from 'node:fs/promises';
import { type ErrorCode, isMediasmithError, MediasmithError } from '../../../runtime/contract/errors.ts';
import { liesOnBootVolume } from '../../../runtime/contract/manifest.ts';
import { readMediumManifest } from '../../inspect/read-manifest.ts';
import { filesOfStick } from '../../inspect/stick-files.ts';
import { CODE_BYTES, placedBios } from '../../stick/bios-code.ts';
import { type OpenedStick, readStick, type StickVolumeThere } from '../../stick/open-stick.ts';
import { SECTOR } from '../../stick/partition-table.ts';
import { stickIdentity } from '../../stick/stick-identity.ts';
import type { Write } from '../../volumes/volume.ts';
import { compareContent, copyContent, type PlacedFile } from './copy-content.ts';
import { type MediumContent, VOUCHING } from './medium-content.ts';
import type { StickFile } from './stick-file.ts';
import { compareAll, type StickTask, writeAll } from './write-stick.ts';

/** What an update does to a stick. Nothing where it has this medium already. */
export type StickUpdate = {
  bytes: number;
  /** What both manifests call the same: it stays where it is, and is not read. */
  same: { files: number; bytes: number };
  placed: PlacedFile[];
  /** Beside what is there. */
  prepare: Write[];
  /** One after another, each on the device before the next: the old medium is whole before the first of them. */
  commit: Write[];
  finish: Write[];
};

/**
 * What has to be written so that a stick has this medium. Files that the manifests say are the same stay where they are,
 * and what somebody else has put onto the stick stays. `DEVICE_REFUSED` where there is no medium on it, `NO_SPACE` where
 * old and new do not fit side by side.
 */
export async function planUpdate(
  { device, handle }: { device: string; handle: FileHandle },
  content: MediumContent,
): Promise<StickUpdate> {
  const stick = await readStick(handle);
  if (stick === undefined) throw notOurs(device);
  const { manifest } = await readMediumManifest(filesOfStick(device, stick));
  const known = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  const earlier = [...known.keys(), ...VOUCHING];
  const time = stickIdentity(content.manifest.id).time;
  const update: StickUpdate = {
    bytes: 0,
    same: { files: 0, bytes: 0 },
    placed: [],
    prepare: [],
    commit: [],
    finish: [],
  };
  for (const there of stick.volumes) {
    const belongs = (path: string): boolean => volumeOf(path, stick) === there;
    const wanted = content.files.filter(({ path }) => belongs(path));
    const names = new Set(wanted.map(({ path }) => path));
    const remove = earlier.filter((path) => belongs(path) && !names.has(path) && there.volume.files.has(path));
    const write = await differing(wanted, there, known, handle);
    for (const file of wanted) if (file.sha256 !== undefined && !write.includes(file)) addTo(update.same, file);
    if (remove.length === 0 && write.length === 0) continue;
    const plan = there.volume.update({ remove, write, time });
    const placed = (writes: readonly Write[]): Write[] =>
      writes.map(({ offset, data }) => ({ offset: there.start + offset, data }));
    update.prepare.push(...placed(plan.prepare));
    update.commit.push(...placed(plan.commit));
    update.finish.push(...placed(plan.finish));
    for (const file of write) {
      const parts = (plan.files.get(file.path) ?? []).map(({ offset, bytes }) => ({
        offset: there.start + offset,
        bytes,
      }));
      update.placed.push({ file, parts });
    }
  }
  await addBootCode(update, stick, content, handle);
  const writes = [...update.prepare, ...update.commit, ...update.finish];
  update.bytes = [...writes.map(({ data }) => data.length), ...update.placed.map(({ file }) => file.bytes)].reduce(
    (sum, bytes) => sum + bytes,
    0,
  );
  return update;
}

/** Carries an update out. Whenever it is cut, the stick has the old medium, the new one, or starts nothing. */
export async function updateStick(update: StickUpdate, to: FileHandle, task: StickTask): Promise<void> {
  const { signal, onWritten, onVerified, flush } = task;
  await keepingTheOld(async () => {
    await copyContent(update.placed, to, { signal, onBytes: onWritten, held: true });
    await writeAll(update.prepare, to, task);
    await flush();
    await compareContent(update.placed, to, { signal, onBytes: onVerified });
    await compareAll(update.prepare, to, task);
  });
  for (const write of update.commit) {
    await writeAll([write], to, task);
    await flush();
    await compareAll([write], to, task);
  }
  await writeAll(update.finish, to, task);
  await flush();
  await compareAll(update.finish, to, task);
}

const OLD_STAYS: Partial<Record<ErrorCode, string>> = {
  MEDIUM_CORRUPT: 'Build the medium again, or copy it again.',
  READ_BACK_FAILED: 'The stick is worn or pretends to be larger than it is: use another one.',
  DEVICE_FAILED: 'Try another port or another stick.',
};

/** What fails before the first commit costs nothing, unlike where a whole stick is written. */
async function keepingTheOld(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const hint = isMediasmithError(error) ? OLD_STAYS[error.code] : undefined;
    if (hint === undefined || !isMediasmithError(error)) throw error;
    const { code, message, where, lines, cause } = error;
    throw new MediasmithError(code, message, {
      lines,
      hint: `${hint} This one still has the medium it had.`,
      ...(where !== undefined && { where }),
      ...(cause !== undefined && { cause }),
    });
  }
}

function addTo(sum: { files: number; bytes: number }, { bytes }: StickFile): void {
  sum.files += 1;
  sum.bytes += bytes;
}

/** Of two volumes the first has the manifest; what the machine starts from lies on the other. */
function volumeOf(path: string, { volumes: [main, boot] }: OpenedStick): StickVolumeThere | undefined {
  return boot !== undefined && liesOnBootVolume(path) ? boot : main;
}

/** What vouches for the files has no hash anywhere and is read; everything else is what the manifests say. */
async function differing(
  files: readonly StickFile[],
  { start, volume }: StickVolumeThere,
  known: ReadonlyMap<string, string>,
  handle: FileHandle,
): Promise<StickFile[]> {
  const differ: StickFile[] = [];
  for (const file of files) {
    const there = volume.files.get(file.path);
    const same =
      there?.bytes === file.bytes &&
      (file.sha256 === undefined
        ? await hasContent(handle, {
            file,
            parts: there.extents.map((part) => ({ ...part, offset: start + part.offset })),
          })
        : known.get(file.path) === file.sha256);
    if (!same) differ.push(file);
  }
  return differ;
}

async function hasContent(handle: FileHandle, placed: PlacedFile): Promise<boolean> {
  const task = { signal: new AbortController().signal, onBytes: () => undefined };
  return compareContent([placed], handle, task).then(
    () => true,
    () => false,
  );
}

/** The code of sector 0 goes before anything it would start changes, and comes last. */
async function addBootCode(
  update: StickUpdate,
  { table }: OpenedStick,
  { bios }: MediumContent,
  handle: FileHandle,
): Promise<void> {
  const placed = bios === undefined ? undefined : placedBios(bios, table);
  const code = placed?.code ?? Buffer.alloc(CODE_BYTES);
  const sector = await read(handle, 0, SECTOR);
  const there = placed && (await read(handle, placed.core.offset, placed.core.data.length));
  if (code.equals(sector.subarray(0, CODE_BYTES)) && (placed === undefined || there?.equals(placed.core.data))) return;
  const withCode = (bytes: Buffer): Write => ({ offset: 0, data: Buffer.concat([bytes, sector.subarray(CODE_BYTES)]) });
  update.commit.unshift(withCode(Buffer.alloc(CODE_BYTES)));
  if (placed !== undefined) update.commit.push(placed.core);
  update.commit.push(withCode(code));
}

async function read(handle: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, offset);
  return buffer.subarray(0, bytesRead);
}

function notOurs(device: string): MediasmithError {
  return new MediasmithError('DEVICE_REFUSED', `${device} has no medium that could be updated`, {
    where: device,
    hint: 'Write the whole stick: mediasmith usb write. Nothing was written.',
  });
}
