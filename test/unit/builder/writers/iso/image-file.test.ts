import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createImageFile } from '../../../../../builder/writers/iso/image-file.ts';
import { exec } from '../../../../../runtime/host/exec.ts';
import { temporaryFolder } from '../../../../helpers/temporary-folder.ts';

const PIECE = 1024 ** 2;

it.each([
  ['all pieces past the page cache', 100],
  ['some, and the rest into memory', 2],
  ['none of them', 0],
])('writes %s', async (_, behind) => {
  const pieces = piecesInPages(8);
  const path = join(await temporaryFolder(), 'image');
  await write(path, pieces, behind);
  expect(Buffer.compare(await readFile(path), Buffer.concat(pieces))).toBe(0);
});

it('writes from memory that does not begin at a page', async () => {
  const pieces = [randomFillSync(Buffer.alloc(PIECE + 8)).subarray(8)];
  const path = join(await temporaryFolder(), 'image');
  await write(path, pieces, 100);
  expect(Buffer.compare(await readFile(path), Buffer.concat(pieces))).toBe(0);
});

it.skipIf(process.getuid?.() !== 0)('writes where nothing goes past the page cache', async () => {
  const folder = await temporaryFolder();
  await exec(['mount', '-t', 'ramfs', 'none', folder]);
  onTestFinished(async () => void (await exec(['umount', folder])));
  const pieces = piecesInPages(3);
  await write(join(folder, 'image'), pieces, 100);
  expect(Buffer.compare(await readFile(join(folder, 'image')), Buffer.concat(pieces))).toBe(0);
});

async function write(path: string, pieces: readonly Uint8Array[], behind: number): Promise<void> {
  await using file = await createImageFile(path, behind);
  await Promise.all(pieces.map((piece, index) => file.write(piece, index * PIECE)));
}

function piecesInPages(count: number): Uint8Array[] {
  const { buffer } = new WebAssembly.Memory({ initial: (count * PIECE) / 65_536 });
  return Array.from({ length: count }, (_, index) => randomFillSync(new Uint8Array(buffer, index * PIECE, PIECE)));
}
