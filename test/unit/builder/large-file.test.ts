import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { pieceBuffers, writeLargeFile } from '../../../builder/large-file.ts';
import { exec } from '../../../runtime/host/exec.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const signal = new AbortController().signal;

it.each([
  ['all pieces past the page cache', 60_000],
  ['some, and the rest into memory', 0],
  ['none of them', -1],
])('writes %s', async (_, patienceMilliseconds) => {
  const buffers = pieceBuffers().map((buffer) => buffer.subarray(0, 1024 ** 2));
  const wanted: Buffer[] = [];
  const next = async (): Promise<Uint8Array | undefined> => {
    const buffer = buffers[wanted.length % buffers.length];
    if (buffer === undefined || wanted.length === 3 * buffers.length) return undefined;
    wanted.push(Buffer.from(randomFillSync(buffer)));
    return buffer;
  };
  const path = join(await temporaryFolder(), 'large');
  await writeLargeFile(path, next, { signal, patienceMilliseconds });
  expect(Buffer.compare(await readFile(path), Buffer.concat(wanted))).toBe(0);
});

it.each([
  ['memory that does not begin at a page', [8 * 1024 ** 2 + 8]],
  ['pieces that are no whole blocks', [5, 4096, 1024 ** 2]],
])('writes %s', async (_, sizes) => {
  const pieces = sizes.map((bytes) => randomFillSync(Buffer.alloc(bytes)).subarray(bytes % 4096));
  const path = join(await temporaryFolder(), 'large');
  await writeLargeFile(path, inTurn(pieces), { signal });
  expect(Buffer.compare(await readFile(path), Buffer.concat(pieces))).toBe(0);
});

it('gives each piece to whoever else wants it, and fails with them', async () => {
  const folder = await temporaryFolder();
  const pieces = pieceBuffers().slice(0, 2);
  const seen: Uint8Array[] = [];
  await writeLargeFile(join(folder, 'one'), inTurn(pieces), { signal, also: async (data) => seen.push(data) });
  expect(seen).toEqual(pieces);
  const also = () => Promise.reject(new Error('no more'));
  await expect(writeLargeFile(join(folder, 'two'), inTurn(pieces), { signal, also })).rejects.toThrow('no more');
});

it.skipIf(process.getuid?.() !== 0)('writes where nothing goes past the page cache', async () => {
  const folder = await temporaryFolder();
  await exec(['mount', '-t', 'ramfs', 'none', folder]);
  onTestFinished(async () => void (await exec(['umount', folder])));
  const pieces = pieceBuffers().slice(0, 3);
  await writeLargeFile(join(folder, 'large'), inTurn(pieces), { signal });
  expect(Buffer.compare(await readFile(join(folder, 'large')), Buffer.concat(pieces))).toBe(0);
});

/** Random content, each piece once. */
function inTurn(pieces: readonly Uint8Array[]): () => Promise<Uint8Array | undefined> {
  for (const piece of pieces) randomFillSync(piece);
  let turn = 0;
  return async () => pieces[turn++];
}
