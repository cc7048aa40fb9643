/**
 * The kernel's side of FUSE as far as a file system that is only read needs it. All numbers are little-endian; sizes and
 * places of fields are those of protocol 7.31 (linux/fuse.h), which every later kernel still speaks.
 */
export const OPCODES = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  open: 14,
  read: 15,
  statfs: 17,
  release: 18,
  flush: 25,
  init: 26,
  opendir: 27,
  readdir: 28,
  releasedir: 29,
  access: 34,
  interrupt: 36,
  destroy: 38,
  batchForget: 42,
} as const;

/** Requests the kernel wants no reply to. */
export const WITHOUT_REPLY: ReadonlySet<number> = new Set([OPCODES.forget, OPCODES.interrupt, OPCODES.batchForget]);

/** Numbers of errors as Linux has them on every processor we run on. */
export const ERRNO = { ENOENT: 2, EIO: 5, EINVAL: 22, ENOSYS: 38, ETIMEDOUT: 110 } as const;

/** The most one read may ask for. */
const LARGEST_READ = 1024 * 1024;
/** Every request but writes fits, and the kernel refuses anything smaller. */
export const REQUEST_BYTES = 128 * 1024;

const HEADER_IN = 40;
const HEADER_OUT = 16;
const ATTRIBUTES = 88;
const PAGE = 4096;
/** Nothing changes below the mount, so the kernel may keep what it was told for a day. */
const VALID_SECONDS = 86_400n;
const KEEP_CACHE = 1 << 1;
const INIT_FLAGS = { asyncRead: 1 << 0, parallelFolders: 1 << 18, maxPages: 1 << 22 };

export type FuseRequest = { opcode: number; unique: bigint; node: bigint; body: Buffer };

/** What the kernel shows of a file or folder. */
export type Attributes = { node: bigint; folder: boolean; bytes: number };

export function decodeRequest(message: Buffer): FuseRequest {
  return {
    opcode: message.readUInt32LE(4),
    unique: message.readBigUInt64LE(8),
    node: message.readBigUInt64LE(16),
    body: message.subarray(HEADER_IN, message.readUInt32LE(0)),
  };
}

/** The name a `lookup` asks for. */
export function decodeName(body: Buffer): string {
  return body.toString('utf8', 0, body.indexOf(0));
}

/** The place and the length a `read` or `readdir` asks for. */
export function decodeRead(body: Buffer): { offset: number; size: number } {
  return { offset: Number(body.readBigUInt64LE(8)), size: body.readUInt32LE(16) };
}

/** A reply; with `errno` it has no data. */
export function encodeReply(unique: bigint, data: Uint8Array, errno = 0): Buffer[] {
  const header = Buffer.alloc(HEADER_OUT);
  header.writeUInt32LE(HEADER_OUT + data.length, 0);
  header.writeInt32LE(-errno, 4);
  header.writeBigUInt64LE(unique, 8);
  return data.length === 0 ? [header] : [header, Buffer.from(data.buffer, data.byteOffset, data.length)];
}

/** Agrees on reads of up to {@link LARGEST_READ} bytes, several at a time. */
export function encodeInit(body: Buffer): Buffer {
  const reply = Buffer.alloc(64);
  reply.writeUInt32LE(7, 0);
  reply.writeUInt32LE(31, 4);
  reply.writeUInt32LE(body.readUInt32LE(8), 8);
  reply.writeUInt32LE(INIT_FLAGS.asyncRead | INIT_FLAGS.parallelFolders | INIT_FLAGS.maxPages, 12);
  reply.writeUInt16LE(16, 16);
  reply.writeUInt16LE(12, 18);
  reply.writeUInt32LE(PAGE, 20);
  reply.writeUInt32LE(1, 24);
  reply.writeUInt16LE(LARGEST_READ / PAGE, 28);
  return reply;
}

export function encodeEntry(attributes: Attributes): Buffer {
  const head = Buffer.alloc(40);
  head.writeBigUInt64LE(attributes.node, 0);
  head.writeBigUInt64LE(VALID_SECONDS, 16);
  head.writeBigUInt64LE(VALID_SECONDS, 24);
  return Buffer.concat([head, encodeAttributes(attributes)]);
}

export function encodeAttributesReply(attributes: Attributes): Buffer {
  const head = Buffer.alloc(16);
  head.writeBigUInt64LE(VALID_SECONDS, 0);
  return Buffer.concat([head, encodeAttributes(attributes)]);
}

function encodeAttributes({ node, folder, bytes }: Attributes): Buffer {
  const reply = Buffer.alloc(ATTRIBUTES);
  reply.writeBigUInt64LE(node, 0);
  reply.writeBigUInt64LE(BigInt(bytes), 8);
  reply.writeBigUInt64LE(BigInt(Math.ceil(bytes / 512)), 16);
  reply.writeUInt32LE(folder ? 0o40555 : 0o100444, 60);
  reply.writeUInt32LE(folder ? 2 : 1, 64);
  reply.writeUInt32LE(PAGE, 80);
  return reply;
}

/** An opened file; the kernel may keep what it has read of it from an earlier time. */
export function encodeOpen(): Buffer {
  const reply = Buffer.alloc(16);
  reply.writeUInt32LE(KEEP_CACHE, 8);
  return reply;
}

export function encodeStatistics(bytes: number, files: number): Buffer {
  const reply = Buffer.alloc(80);
  reply.writeBigUInt64LE(BigInt(Math.ceil(bytes / PAGE)), 0);
  reply.writeBigUInt64LE(BigInt(files), 24);
  reply.writeUInt32LE(PAGE, 40);
  reply.writeUInt32LE(255, 44);
  reply.writeUInt32LE(PAGE, 48);
  return reply;
}

/** As many entries of a folder, from the one numbered `offset` on, as fit into `size` bytes. */
export function encodeFolder(
  entries: readonly { name: string; node: bigint; folder: boolean }[],
  offset: number,
  size: number,
): Buffer {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const [index, { name, node, folder }] of entries.entries()) {
    if (index < offset) continue;
    const text = Buffer.from(name);
    const entry = Buffer.alloc(Math.ceil((24 + text.length) / 8) * 8);
    entry.writeBigUInt64LE(node, 0);
    entry.writeBigUInt64LE(BigInt(index + 1), 8);
    entry.writeUInt32LE(text.length, 16);
    entry.writeUInt32LE(folder ? 4 : 8, 20);
    text.copy(entry, 24);
    bytes += entry.length;
    if (bytes > size) break;
    parts.push(entry);
  }
  return Buffer.concat(parts);
}
