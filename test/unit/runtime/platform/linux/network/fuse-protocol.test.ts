import { describe, expect, it } from 'vitest';
import { FileTree } from '../../../../../../runtime/platform/linux/network/file-tree.ts';
import * as fuse from '../../../../../../runtime/platform/linux/network/fuse-protocol.ts';

describe('a request of the kernel', () => {
  it('is read where the header says', () => {
    const message = Buffer.alloc(100);
    message.writeUInt32LE(56, 0);
    message.writeUInt32LE(fuse.OPCODES.lookup, 4);
    message.writeBigUInt64LE(77n, 8);
    message.writeBigUInt64LE(3n, 16);
    message.write('boot.wim\0rest', 40);
    const request = fuse.decodeRequest(message);
    expect(request).toMatchObject({ opcode: 1, unique: 77n, node: 3n });
    expect(request.body.length).toBe(16);
    expect(fuse.decodeName(request.body)).toBe('boot.wim');
  });

  it('asks for a place beyond 4 GiB', () => {
    const body = Buffer.alloc(40);
    body.writeBigUInt64LE(5_000_000_000n, 8);
    body.writeUInt32LE(1 << 20, 16);
    expect(fuse.decodeRead(body)).toEqual({ offset: 5_000_000_000, size: 1 << 20 });
  });
});

describe('a reply', () => {
  it('says its length, and an error as a negative number', () => {
    const [header, data] = fuse.encodeReply(9n, Buffer.from('abc'));
    expect([header?.readUInt32LE(0), header?.readInt32LE(4), header?.readBigUInt64LE(8)]).toEqual([19, 0, 9n]);
    expect(data?.toString()).toBe('abc');
    const [failed, nothing] = fuse.encodeReply(9n, new Uint8Array(), fuse.ERRNO.ETIMEDOUT);
    expect([failed?.readUInt32LE(0), failed?.readInt32LE(4), nothing]).toEqual([16, -110, undefined]);
  });

  it('has the sizes the kernel refuses to do without', () => {
    const attributes = { node: 2n, folder: false, bytes: 5_000_000_000 };
    expect(fuse.encodeInit(Buffer.alloc(16)).length).toBe(64);
    expect(fuse.encodeEntry(attributes).length).toBe(128);
    expect(fuse.encodeAttributesReply(attributes).length).toBe(104);
    expect(fuse.encodeAttributesReply(attributes).readBigUInt64LE(24)).toBe(5_000_000_000n);
    expect(fuse.encodeOpen().length).toBe(16);
    expect(fuse.encodeStatistics(1, 1).length).toBe(80);
  });

  it('lists as many entries of a folder as fit, and goes on behind them', () => {
    const entries = ['a', 'bb', 'a longer name'].map((name, index) => ({
      name,
      node: BigInt(index + 2),
      folder: false,
    }));
    const first = fuse.encodeFolder(entries, 0, 64);
    expect(first.length).toBe(64);
    expect(namesIn(first)).toEqual(['a', 'bb']);
    expect(first.readBigUInt64LE(32 + 8)).toBe(2n);
    expect(namesIn(fuse.encodeFolder(entries, 2, 64))).toEqual(['a longer name']);
    expect(fuse.encodeFolder(entries, 3, 64).length).toBe(0);
  });
});

it('a tree of files has the folders above them, each once, and keeps what was there first', () => {
  const tree = new FileTree();
  tree.add('a/b/c', 1);
  tree.add('a/d', 2);
  tree.add('a/d', 3);
  tree.add('a/d/below-a-file', 4);
  expect(tree.size()).toEqual({ bytes: 3, nodes: 5 });
  const folder = tree.root.children.get('a');
  expect(folder?.kind === 'folder' && [...folder.children.keys()]).toEqual(['b', 'd']);
  const file = folder?.kind === 'folder' ? folder.children.get('d') : undefined;
  expect(file).toMatchObject({ kind: 'file', path: 'a/d', bytes: 2 });
  expect(tree.get(file?.node ?? 0n)).toBe(file);
  expect(tree.get(99n)).toBeUndefined();
});

function namesIn(listing: Buffer): string[] {
  const names: string[] = [];
  for (let place = 0; place < listing.length; ) {
    const length = listing.readUInt32LE(place + 16);
    names.push(listing.toString('utf8', place + 24, place + 24 + length));
    place += Math.ceil((24 + length) / 8) * 8;
  }
  return names;
}
