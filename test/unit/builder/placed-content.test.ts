import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashBytes } from '../../../builder/hash.ts';
import { copyPlace, hashPlace, readPlace } from '../../../builder/placed-content.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const CHUNK_BYTES = 4 * 1024 ** 2;
const options = { signal: new AbortController().signal, onBytes: () => undefined };

it('reads and hashes parts in their order, those larger than a chunk and none', async () => {
  const folder = await temporaryFolder();
  const data = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
  const large = Buffer.concat(Array.from({ length: 90 }, () => data));
  await writeFiles(folder, { large });
  const file = join(folder, 'large');
  const parts = [
    { offset: 7, bytes: 11 },
    { offset: 1000, bytes: CHUNK_BYTES + 3 },
    { offset: 1000 + CHUNK_BYTES + 3, bytes: CHUNK_BYTES },
    { offset: 0, bytes: 5 },
  ];
  const wanted = Buffer.concat(parts.map(({ offset, bytes }) => large.subarray(offset, offset + bytes)));
  expect((await readPlace({ file, parts })).equals(wanted)).toBe(true);
  expect(await readPlace({ file, parts }, 13)).toEqual(wanted.subarray(0, 13));
  expect(await hashPlace({ file, parts }, options)).toBe(hashBytes(wanted));
  expect(await hashPlace({ file, parts: [] }, options)).toBe(hashBytes(Buffer.alloc(0)));
  await copyPlace({ file, parts }, join(folder, 'copy'), options);
  expect((await readFile(join(folder, 'copy'))).equals(wanted)).toBe(true);
  await expect(copyPlace({ file, parts }, join(folder, 'copy'), options)).rejects.toMatchObject({ code: 'EEXIST' });
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  await expect(copyPlace({ file, parts }, join(folder, 'other'), { signal })).rejects.toBe(reason);
});

it('takes no more memory for a small file than it has bytes', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { small: 'x' });
  const place = { file: join(folder, 'small'), parts: [{ offset: 0, bytes: 1 }] };
  const { allocUnsafe } = Buffer;
  const sizes: number[] = [];
  Buffer.allocUnsafe = (bytes) => {
    sizes.push(bytes);
    return allocUnsafe(bytes);
  };
  try {
    await hashPlace(place, options);
  } finally {
    Buffer.allocUnsafe = allocUnsafe;
  }
  expect(Math.max(0, ...sizes)).toBe(1);
});
