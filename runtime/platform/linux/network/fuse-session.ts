import { read, writevSync } from 'node:fs';
import { promisify } from 'node:util';
import type { FileTree, TreeNode } from './file-tree.ts';
import * as fuse from './fuse-protocol.ts';

const readFrom = promisify(read);

/** Reads part of a file of the tree. An error with a positive `errno` reaches whoever reads the file; others are EIO. */
export type ReadPart = (path: string, offset: number, length: number) => Promise<Uint8Array>;

/**
 * Answers the kernel over an opened /dev/fuse that has been mounted, until it is unmounted. Must have a process of its
 * own: a process that reads a file it serves itself waits for a thread that waits for it.
 */
export async function serveFuse(device: number, tree: FileTree, readPart: ReadPart): Promise<void> {
  const buffer = Buffer.alloc(fuse.REQUEST_BYTES);
  for (;;) {
    const bytes = await nextRequest(device, buffer);
    if (bytes === 0) return;
    const request = fuse.decodeRequest(buffer.subarray(0, bytes));
    if (fuse.WITHOUT_REPLY.has(request.opcode)) continue;
    void reply(device, request.unique, answer(tree, readPart, request));
  }
}

/** 0 when the file system has been unmounted. A request that was taken back before it was read is passed over. */
async function nextRequest(device: number, buffer: Buffer): Promise<number> {
  for (;;) {
    try {
      return (await readFrom(device, buffer, 0, buffer.length, null)).bytesRead;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENODEV') return 0;
      if (code !== 'EINTR' && code !== 'EAGAIN' && code !== 'ENOENT') throw error;
    }
  }
}

async function reply(device: number, unique: bigint, answering: Promise<Uint8Array>): Promise<void> {
  const parts = await answering.then(
    (data) => fuse.encodeReply(unique, data),
    (error) => fuse.encodeReply(unique, NOTHING, errnoOf(error)),
  );
  try {
    writevSync(device, parts);
  } catch (error) {
    // Whoever asked is gone, or the file system is.
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENODEV') throw error;
  }
}

/** All of `request.body` is read before the first wait: the buffer it lies in is used again. */
async function answer(tree: FileTree, readPart: ReadPart, { opcode, node, body }: fuse.FuseRequest) {
  switch (opcode) {
    case fuse.OPCODES.init:
      return fuse.encodeInit(body);
    case fuse.OPCODES.lookup:
      return fuse.encodeEntry(attributesOf(childOf(tree, node, fuse.decodeName(body))));
    case fuse.OPCODES.getattr:
      return fuse.encodeAttributesReply(attributesOf(nodeOf(tree, node)));
    case fuse.OPCODES.open:
    case fuse.OPCODES.opendir:
      return fuse.encodeOpen();
    case fuse.OPCODES.read:
      return readFile(nodeOf(tree, node), readPart, fuse.decodeRead(body));
    case fuse.OPCODES.readdir:
      return listFolder(nodeOf(tree, node), fuse.decodeRead(body));
    case fuse.OPCODES.statfs:
      return fuse.encodeStatistics(tree.size().bytes, tree.size().nodes);
    case fuse.OPCODES.release:
    case fuse.OPCODES.releasedir:
    case fuse.OPCODES.flush:
    case fuse.OPCODES.access:
    case fuse.OPCODES.destroy:
      return NOTHING;
    default:
      throw new FuseError(fuse.ERRNO.ENOSYS);
  }
}

async function readFile(file: TreeNode, readPart: ReadPart, { offset, size }: { offset: number; size: number }) {
  if (file.kind === 'folder') throw new FuseError(fuse.ERRNO.EINVAL);
  const length = Math.min(size, file.bytes - offset);
  return length <= 0 ? NOTHING : readPart(file.path, offset, length);
}

function listFolder(folder: TreeNode, { offset, size }: { offset: number; size: number }): Buffer {
  if (folder.kind === 'file') throw new FuseError(fuse.ERRNO.EINVAL);
  const children = [...folder.children].map(([name, { node, kind }]) => ({ name, node, folder: kind === 'folder' }));
  return fuse.encodeFolder(children, offset, size);
}

function nodeOf(tree: FileTree, node: bigint): TreeNode {
  const found = tree.get(node);
  if (found === undefined) throw new FuseError(fuse.ERRNO.ENOENT);
  return found;
}

function childOf(tree: FileTree, parent: bigint, name: string): TreeNode {
  const folder = nodeOf(tree, parent);
  const child = folder.kind === 'folder' ? folder.children.get(name) : undefined;
  if (child === undefined) throw new FuseError(fuse.ERRNO.ENOENT);
  return child;
}

function attributesOf({ node, kind, bytes }: TreeNode): fuse.Attributes {
  return { node, bytes, folder: kind === 'folder' };
}

class FuseError extends Error {
  readonly errno: number;
  constructor(errno: number) {
    super(`error ${errno}`);
    this.errno = errno;
  }
}

function errnoOf(error: unknown): number {
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined;
  return typeof errno === 'number' && errno > 0 ? errno : fuse.ERRNO.EIO;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const NOTHING = new Uint8Array();
