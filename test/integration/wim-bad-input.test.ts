import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';

const DATA = join(import.meta.dirname, '../../../shared/data/wim');
const DATA_IS_HERE = existsSync(DATA);
const HEADER_BYTES = 208;

let folder: string;
let whole: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wim-bad-'));
  await mkdir(join(folder, 'source', 'inner', 'deep'), { recursive: true });
  await writeFile(join(folder, 'source', 'inner', 'deep', 'xx'), 'the contents '.repeat(5000));
  await writeFile(join(folder, 'source', 'yy'), 'other contents');
  using wim = await WimFile.create('none');
  await wim.addFolder(join(folder, 'source'), 'bad');
  await wim.write(join(folder, 'whole.wim'));
  whole = await readFile(join(folder, 'whole.wim'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Does everything with a file that reads it, and tells the code of the error or what is wrong with having none. */
async function readAll(path: string): Promise<string> {
  const target = await mkdtemp(join(folder, 'target-'));
  const options = { signal: AbortSignal.timeout(60_000) };
  try {
    using wim = await WimFile.open(path, options);
    for (const { index } of wim.images()) {
      await wim.listPaths(index, '/', { recursive: true, ...options });
      await wim.applyToFolder(index, join(target, 'inside', String(index)), options);
    }
    await wim.verify(options);
    return 'ok';
  } catch (error) {
    if (isMediasmithError(error)) return error.code;
    throw error;
  } finally {
    expect((await readdir(target)).filter((name) => name !== 'inside')).toEqual([]);
    await rm(target, { recursive: true });
  }
}

async function readBytes(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'bad.wim');
  await writeFile(path, bytes);
  return readAll(path);
}

it('reads the file that the broken ones are made of', async () => {
  expect(await readBytes(whole)).toBe('ok');
});

describe('a file', () => {
  it('that is not there is not found', async () => {
    await expect(WimFile.open(join(folder, 'absent.wim'))).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });

  it('that is a folder, empty, or something else is no WIM', async () => {
    expect(await readAll(folder)).toBe('SOURCE_INVALID');
    expect(await readBytes(Buffer.alloc(0))).toMatch(/^(SOURCE_INVALID|IMAGE_CORRUPT)$/);
    expect(await readBytes(Buffer.alloc(100_000, 'not a WIM '))).toBe('SOURCE_INVALID');
    expect(await readBytes(Buffer.from('MSWIM'))).toMatch(/^(SOURCE_INVALID|IMAGE_CORRUPT)$/);
  });

  it('that was cut is corrupt wherever it was cut', async () => {
    const lengths = [1, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 1, whole.length >> 1, whole.length - 2];
    for (const length of lengths) {
      expect(await readBytes(whole.subarray(0, length)), `${length} bytes`).toMatch(/^(SOURCE_INVALID|IMAGE_CORRUPT)$/);
    }
  });

  it('with one wrong byte of contents is corrupt', async () => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(0x21, bytes.indexOf('the contents') + 1000);
    expect(await readBytes(bytes)).toBe('IMAGE_CORRUPT');
  });

  it('with one wrong byte anywhere never ends worse than in an error with a code', async () => {
    const outcomes = new Set<string>();
    const ofInterest = [
      ...Array(HEADER_BYTES).keys(),
      ...Array.from({ length: 2400 }, (_, at) => whole.length - 1 - at),
    ];
    for (const at of ofInterest.filter((_, index) => index % 5 === 0)) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8((whole[at] ?? 0) ^ 0xff, at);
      outcomes.add(await readBytes(bytes));
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['IMAGE_CORRUPT', 'SOURCE_INVALID']));
  });
});

describe('a file with right sums and a wrong tree', () => {
  it('that has a folder inside itself is corrupt', async () => {
    const cyclic = withMetadata((metadata) => {
      const children = metadata.readBigUInt64LE(rootEntry(metadata) + 16);
      metadata.writeBigUInt64LE(children, entryOf(metadata, 'inner') + 16);
    });
    expect(await readBytes(cyclic)).toBe('IMAGE_CORRUPT');
  });

  it('that leads out of its folder writes nothing outside', async () => {
    for (const name of ['..', '/x', 'a/']) {
      const escaping = withMetadata((metadata) => metadata.write(name, entryOf(metadata, 'xx') + 102, 'utf16le'));
      expect(await readBytes(escaping), name).toMatch(/^(ok|IMAGE_CORRUPT|IMAGE_APPLY_FAILED)$/);
    }
  });

  it('never ends worse than in an error with a code', async () => {
    const { start, length } = metadataPlace(whole);
    const outcomes = new Set<string>();
    for (let at = 0; at < length; at += 3) {
      const bytes = withMetadata((metadata) => metadata.writeUInt8((whole[start + at] ?? 0) ^ 0xff, at));
      outcomes.add(await readBytes(bytes));
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['IMAGE_CORRUPT', 'ok']));
  });
});

describe.skipIf(!DATA_IS_HERE)('real files (skipped without ../shared/data)', () => {
  const names = DATA_IS_HERE ? readdirSync(DATA) : [];

  it.each(names)('%s is read or refused with a code', async (name) => {
    const outcome = await readAll(join(DATA, name));
    if (/corrupt|cyclic|VerifyFail/i.test(name)) expect(outcome).toBe('IMAGE_CORRUPT');
    if (/^(LZX|XPRESS|LZMS|BootLZX|BootXPRESS|MultiImage|VerifySuccess|Split|TestData)\.(wim|swm)$/.test(name)) {
      expect(outcome).toBe('ok');
    }
  });

  it('a split file without its second part, and a second part alone, are refused', async () => {
    await copyFile(join(DATA, 'Split.swm'), join(folder, 'alone.swm'));
    await expect(WimFile.open(join(folder, 'alone.swm'))).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      where: join(folder, 'alone2.swm'),
    });
    await expect(WimFile.open(join(DATA, 'Split2.swm'))).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
  });

  it.each(['LZX.wim', 'XPRESS.wim', 'LZMS.wim'])('%s is corrupt wherever it was cut', async (name) => {
    const bytes = await readFile(join(DATA, name));
    for (let length = 0; length < bytes.length - 1; length += 97) {
      expect(await readBytes(bytes.subarray(0, length)), `${length} bytes`).toMatch(/^(SOURCE_INVALID|IMAGE_CORRUPT)$/);
    }
  });
});

/** Where the one image's tree lies in an uncompressed WIM, and where its entry in the table of blobs does. */
function metadataPlace(wim: Buffer): { start: number; length: number; entry: number } {
  const table = Number(wim.readBigUInt64LE(56));
  for (let entry = table; ; entry += 50) {
    if ((wim.readUInt8(entry + 7) & 0x02) === 0) continue;
    return { start: Number(wim.readBigUInt64LE(entry + 8)), length: wim.readUIntLE(entry, 6), entry };
  }
}

/** The whole file with its tree changed and the tree's SHA-1 made right again. */
function withMetadata(change: (metadata: Buffer) => void): Buffer {
  const bytes = Buffer.from(whole);
  const { start, length, entry } = metadataPlace(bytes);
  const metadata = bytes.subarray(start, start + length);
  change(metadata);
  createHash('sha1')
    .update(metadata)
    .digest()
    .copy(bytes, entry + 30);
  return bytes;
}

/** The root's entry follows the security data, whose length comes first, at the next multiple of 8. */
function rootEntry(metadata: Buffer): number {
  return (Math.max(metadata.readUInt32LE(0), 8) + 7) & ~7;
}

/** An entry of the tree by its name, which lies 102 bytes after its beginning. */
function entryOf(metadata: Buffer, name: string): number {
  const place = metadata.indexOf(Buffer.from(name, 'utf16le'));
  if (place < 0) throw new Error(`no ${name} in the tree`);
  return place - 102;
}
