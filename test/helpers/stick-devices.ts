import { type FileHandle, open } from 'node:fs/promises';

type Change = {
  write?: (data: Uint8Array, offset: number) => Promise<void>;
  /** Gets what was read. */
  read?: (data: Buffer, offset: number) => Promise<void>;
  sync?: () => Promise<void>;
  at?: (offset: number) => number;
};

const SECTOR = 512;

/** The handle of a device that does some things in its own way. */
function changed(handle: FileHandle, { write, read, sync, at = (offset) => offset }: Change): FileHandle {
  const deeds: Record<string, unknown> = {
    write: async (data: Uint8Array, from: number, bytes: number, offset: number) => {
      await write?.(data.subarray(from, from + bytes), offset);
      return handle.write(data, from, bytes, at(offset));
    },
    read: async (buffer: Buffer, from: number, bytes: number, offset: number) => {
      const done = await handle.read(buffer, from, bytes, at(offset));
      await read?.(buffer.subarray(from, from + done.bytesRead), offset);
      return done;
    },
    ...(sync !== undefined && { sync }),
  };
  return new Proxy(handle, {
    get: (target, name) => {
      const value = deeds[String(name)] ?? Reflect.get(target, name);
      return typeof value === 'function' && deeds[String(name)] === undefined ? value.bind(target) : value;
    },
  });
}

const eio = (): NodeJS.ErrnoException => Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });

/** Says of every write how many bytes it has. */
export const countingWrites =
  (onBytes: (count: number) => void) =>
  (handle: FileHandle): FileHandle =>
    changed(handle, { write: async (data) => onBytes(data.length) });

/** It takes so many writes, in their order, and then none. */
export function cutAfter(writes: number): (handle: FileHandle) => FileHandle {
  let left = writes;
  return (handle) =>
    changed(handle, {
      write: async () => {
        if (left-- <= 0) throw eio();
      },
      sync: async () => undefined,
    });
}

/**
 * It loses its power at a write. Of what it was given since it was last asked to write everything through, it then has
 * some, whole or in part, whatever the order was.
 */
export function powerCutAfter(writes: number, random: () => number): (handle: FileHandle) => FileHandle {
  let left = writes;
  let pending: { offset: number; before: Buffer; data: Buffer }[] = [];
  const lose = async (handle: FileHandle): Promise<void> => {
    for (const { offset, before } of pending.toReversed()) await handle.write(before, 0, before.length, offset);
    for (const { offset, data } of pending) {
      const sectors = Math.round(random() * 1.4 * (data.length / SECTOR) - 0.2);
      const kept = data.subarray(0, Math.max(0, sectors) * SECTOR);
      if (kept.length > 0 && random() < 0.7) await handle.write(kept, 0, kept.length, offset);
    }
    pending = [];
  };
  return (handle) =>
    changed(handle, {
      write: async (data, offset) => {
        if (left < 0) throw eio();
        const before = Buffer.alloc(data.length);
        await handle.read(before, 0, before.length, offset);
        pending.push({ offset, before, data: Buffer.from(data) });
        if (left-- > 0) return;
        await lose(handle);
        throw eio();
      },
      sync: async () => {
        if (left < 0) throw eio();
        pending = [];
      },
    });
}

/** It has fewer bytes than it says: what lies beyond comes to lie on what was there. */
export const wrapsAt =
  (bytes: number) =>
  (handle: FileHandle): FileHandle =>
    changed(handle, { at: (offset) => offset % bytes });

/** One bit is another when it is read. */
export const flipsBitAt =
  (place: number) =>
  (handle: FileHandle): FileHandle =>
    changed(handle, {
      read: async (data, offset) => {
        const index = place - offset;
        if (index >= 0 && index < data.length) data[index] = (data[index] ?? 0) ^ 0x10;
      },
    });

/** A sector cannot be read, or not be written. */
export const failsAt =
  (place: number, what: 'read' | 'write') =>
  (handle: FileHandle): FileHandle =>
    changed(handle, {
      [what]: async (data: Uint8Array, offset: number) => {
        if (offset <= place && place < offset + data.length) throw eio();
      },
    });

/** A random sequence that is the same each time. */
export function seeded(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The number of the first byte of a file in which this content begins. */
export async function placeOf(file: string, content: Uint8Array, limit: number): Promise<number> {
  await using handle = await open(file, 'r');
  const { buffer } = await handle.read(Buffer.alloc(limit), 0, limit, 0);
  return buffer.indexOf(content);
}
