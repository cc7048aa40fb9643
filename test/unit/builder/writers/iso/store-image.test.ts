import { randomFillSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashBytes } from '../../../../../builder/hash.ts';
import { namedPipe } from '../../../../../builder/writers/iso/named-pipe.ts';
import { storeImage } from '../../../../../builder/writers/iso/store-image.ts';
import { streamDigest } from '../../../../../builder/writers/iso/stream-digest.ts';
import { exec } from '../../../../../runtime/host/exec.ts';
import { temporaryFolder } from '../../../../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;
/** More than all pieces hold, and no whole number of them or of blocks. */
const LARGE = 71 * MIB + 2048 + 7;

it.each([0, 1, 4 * MIB, LARGE])('stores and hashes %i bytes', async (bytes) => {
  const { folder, data } = await sourceOf(bytes);
  const output = join(folder, 'output');
  await using digest = streamDigest();
  await copyByProgram(folder, output, digest);
  expect(Buffer.compare(await readFile(output), data)).toBe(0);
  expect(await digest.finish(output, bytes)).toBe(hashBytes(data));
});

it.each([
  ['near the end', LARGE - 5],
  ['long ago', 3],
])('reads what was changed %s again', async (_, at) => {
  const { folder, data } = await sourceOf(LARGE);
  const output = join(folder, 'output');
  await using digest = streamDigest();
  await copyByProgram(folder, output, digest);
  data[at] = (data[at] ?? 0) ^ 1;
  await writeFile(output, data);
  expect(await digest.finish(output, at)).toBe(hashBytes(data));
});

it('ends, and has the writer end, when it is told to stop', async () => {
  const folder = await temporaryFolder();
  await using digest = streamDigest();
  await using pipe = await namedPipe(exec);
  const stopping = new AbortController();
  const writing = exec(['dd', 'if=/dev/zero', `of=${pipe.path}`, 'bs=64k'], { signal: stopping.signal });
  const ended = expect(writing).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const storing = storeImage(pipe, join(folder, 'output'), digest, stopping.signal);
  stopping.abort();
  await expect(storing).rejects.toThrow('aborted');
  await ended;
});

it('has the writer end when the file cannot be made', async () => {
  const folder = await temporaryFolder();
  await using digest = streamDigest();
  await using pipe = await namedPipe(exec);
  const writing = exec(['dd', 'if=/dev/zero', `of=${pipe.path}`, 'bs=64k']);
  const ended = expect(writing).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  await expect(storeImage(pipe, folder, digest, new AbortController().signal)).rejects.toMatchObject({
    code: 'EEXIST',
  });
  await ended;
});

it('finds a pipe that has ended when nobody came to write', async () => {
  const folder = await temporaryFolder();
  await using digest = streamDigest();
  await using pipe = await namedPipe(exec);
  const storing = storeImage(pipe, join(folder, 'output'), digest, new AbortController().signal);
  await pipe.release();
  await storing;
  expect(await readFile(join(folder, 'output'))).toHaveLength(0);
});

describe.skipIf(process.getuid?.() !== 0)('where the disk becomes full', () => {
  it('says so', async () => {
    const { folder } = await sourceOf(8 * MIB);
    const small = await temporaryFolder();
    await exec(['mount', '-t', 'tmpfs', '-o', 'size=5M', 'none', small]);
    onTestFinished(async () => void (await exec(['umount', small])));
    await using digest = streamDigest();
    await expect(copyByProgram(folder, join(small, 'output'), digest)).rejects.toMatchObject({
      code: 'NO_SPACE',
      where: small,
    });
  });
});

async function sourceOf(bytes: number): Promise<{ folder: string; data: Buffer }> {
  const folder = await temporaryFolder();
  const data = randomFillSync(Buffer.alloc(bytes));
  await writeFile(join(folder, 'source'), data);
  return { folder, data };
}

async function copyByProgram(folder: string, output: string, digest: ReturnType<typeof streamDigest>): Promise<void> {
  await using pipe = await namedPipe(exec);
  const writing = exec(['dd', `if=${join(folder, 'source')}`, `of=${pipe.path}`, 'bs=64k']).finally(() =>
    pipe.release(),
  );
  writing.catch(() => undefined);
  await storeImage(pipe, output, digest, new AbortController().signal);
  await writing;
}
