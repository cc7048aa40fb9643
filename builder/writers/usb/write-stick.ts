import type { FileHandle } from 'node:fs/promises';
import type { StickTable } from '../../config/schema.ts';
import { type BiosCode, placedBios } from '../../stick/bios-code.ts';
import { partitionTable, SECTOR } from '../../stick/partition-table.ts';
import type { StickPlan } from '../../stick/plan-stick.ts';
import type { StickIdentity } from '../../stick/stick-identity.ts';
import type { VolumeFile, Write } from '../../volumes/volume.ts';
import { compareBytes, compareContent, copyContent, type PlacedFile, writeWhole } from './copy-content.ts';
import { type StickFile, stickFile } from './stick-file.ts';

export type NewStick = {
  files: readonly StickFile[];
  /** Files that say something about the others, so that their content is made last. */
  late?: { files: readonly VolumeFile[]; make(hashes: ReadonlyMap<string, string>): ReadonlyMap<string, Uint8Array> };
  plan: StickPlan;
  partitionTable: StickTable;
  identity: StickIdentity;
  /** Undefined where a BIOS cannot start it. */
  bios: BiosCode | undefined;
  /** It is no stick but the disk of a machine. */
  fixed?: boolean;
};

export type StickTask = {
  signal: AbortSignal;
  onWritten: (count: number) => void;
  onVerified: (count: number) => void;
  /** What was written so far is on the device after it, and what is read then comes from there. */
  flush: () => Promise<void>;
};

/**
 * What firmware and every system look at first: tables, and where an ISO that was written onto the stick says what it is.
 * A GPT's copy at the end is not looked at without it.
 */
const START = { offset: 0, data: Buffer.alloc(1024 ** 2) };

/**
 * Writes a stick from nothing and reads every byte back. It starts nothing before all of it is right: its first sector
 * comes last. Returns what the late files were made into.
 */
export async function writeStick(
  stick: NewStick,
  to: FileHandle,
  task: StickTask,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { plan, files, late } = stick;
  const { last, ...structures } = structuresOf(stick);
  const reading = { signal: task.signal, onBytes: task.onVerified };
  const writing = { signal: task.signal, onBytes: task.onWritten };
  await writeAll([START], to, task);
  // The old medium is gone before its content is: a device takes what follows in any order.
  await task.flush();
  await compareAll([START], to, task);

  const placed = placedFiles(files, plan);
  const hashes = await copyContent(placed, to, { ...writing, held: late === undefined });
  const made = late?.make(hashes) ?? new Map<string, Uint8Array>();
  const added = placedFiles(
    [...made].map(([path, data]) => stickFile(path, { data })),
    plan,
  );
  await copyContent(added, to, { ...writing, held: false });
  await writeAll(structures.first, to, task);
  await task.flush();
  await compareContent([...placed, ...added], to, reading);
  await compareAll(structures.first, to, task);

  task.signal.throwIfAborted();
  await writeAll([last], to, task);
  await task.flush();
  await compareAll([last], to, task);
  return made;
}

/** How many bytes a new stick takes to write: everything but the space between, and the first of it twice. */
export function bytesToWrite(stick: NewStick): number {
  const { first, last } = structuresOf(stick);
  const files = [...stick.files, ...(stick.late?.files ?? [])];
  return (
    [START, ...first, last].reduce((sum, { data }) => sum + data.length, 0) +
    files.reduce((sum, { bytes }) => sum + bytes, 0)
  );
}

function structuresOf({ plan, partitionTable: table, identity, bios, fixed = false }: NewStick): {
  first: Write[];
  last: Write;
} {
  const placed = bios === undefined ? undefined : placedBios(bios, table);
  const { first, last } = partitionTable(table, plan.partitions, {
    sectors: plan.bytes / SECTOR,
    identity,
    bootCode: placed?.code,
    fixed,
  });
  const volumes = plan.volumes.flatMap(({ start: at, plan: { prepare, commit, finish } }) =>
    overlaid([...prepare, ...commit, ...finish]).map(({ offset, data }) => ({ offset: at + offset, data })),
  );
  return {
    first: [...volumes, ...(placed === undefined ? [] : [placed.core]), ...first],
    last,
  };
}

/** What is there when all has been written: nothing of a new stick is valid before its first sector. */
function overlaid(writes: readonly Write[]): Write[] {
  return writes.map(({ offset, data }, index) => {
    const later = writes.slice(index + 1).filter((other) => {
      return other.offset < offset + data.length && offset < other.offset + other.data.length;
    });
    if (later.length === 0) return { offset, data };
    const result = Uint8Array.from(data);
    for (const other of later) {
      const from = Math.max(0, offset - other.offset);
      const at = Math.max(0, other.offset - offset);
      result.set(other.data.subarray(from, from + data.length - at), at);
    }
    return { offset, data: result };
  });
}

/** Each file with its places on the stick, in their order. A file without content has none. */
function placedFiles(files: readonly StickFile[], { volumes }: StickPlan): PlacedFile[] {
  const places = new Map(
    volumes.flatMap(({ start, plan }) =>
      [...plan.files].map(
        ([path, extents]) => [path, extents.map(({ offset, bytes }) => ({ offset: start + offset, bytes }))] as const,
      ),
    ),
  );
  return files
    .map((file) => ({ file, parts: places.get(file.path) ?? [] }))
    .sort((a, b) => (a.parts[0]?.offset ?? 0) - (b.parts[0]?.offset ?? 0));
}

export async function writeAll(
  writes: readonly Write[],
  to: FileHandle,
  { signal, onWritten }: StickTask,
): Promise<void> {
  for (const { offset, data } of writes) {
    signal.throwIfAborted();
    await writeWhole(to, data, offset);
    onWritten(data.length);
  }
}

export async function compareAll(writes: readonly Write[], from: FileHandle, { onVerified }: StickTask): Promise<void> {
  for (const { offset, data } of writes) {
    await compareBytes(from, data, offset, 'the tables of the stick');
    onVerified(data.length);
  }
}
