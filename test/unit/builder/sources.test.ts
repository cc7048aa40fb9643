import { createHash } from 'node:crypto';
import { readdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../../builder/cache-folder.ts';
import { fingerprintFile } from '../../../builder/fingerprint.ts';
import { hashBytes, hashFile } from '../../../builder/hash.ts';
import { SourceMemory } from '../../../builder/source-memory.ts';
import { refuseWithoutSpace } from '../../../builder/space.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;

async function aFile(data: Uint8Array | string): Promise<string> {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, data);
  return path;
}

describe('hashFile', () => {
  it.each([0, 1, 4 * MIB, 4 * MIB + 1, 9 * MIB])('is SHA-256 over %i bytes', async (length) => {
    const data = Buffer.alloc(length, 7);
    const seen: number[] = [];
    const digest = await hashFile(await aFile(data), { onBytes: (count) => seen.push(count) });
    expect(digest).toBe(createHash('sha256').update(data).digest('hex'));
    expect(seen.reduce((sum, count) => sum + count, 0)).toBe(length);
    expect(hashBytes(data)).toBe(digest);
  });

  it('can be interrupted', async () => {
    const reason = new Error('enough');
    await expect(hashFile(await aFile('a'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('fingerprintFile', () => {
  const fingerprint = async (change: (data: Buffer) => Buffer = (data) => data) =>
    fingerprintFile(await aFile(change(Buffer.alloc(3 * MIB, 1))));
  const flip = (at: number) => (data: Buffer) => {
    data[at] = 2;
    return data;
  };

  it('is the same for the same bytes', async () => {
    expect(await fingerprint()).toBe(await fingerprint());
  });

  it.each([
    ['its first byte', flip(0)],
    ['its last byte', flip(3 * MIB - 1)],
    ['a byte of the last MiB', flip(2 * MIB)],
    ['its size', (data: Buffer) => Buffer.concat([data, Buffer.alloc(1, 1)])],
  ])('changes with %s', async (_, change) => {
    expect(await fingerprint(change)).not.toBe(await fingerprint());
  });

  it('is made of small files too', async () => {
    expect(await fingerprintFile(await aFile(''))).not.toBe(await fingerprintFile(await aFile('a')));
  });
});

describe('SourceMemory', () => {
  it('knows a file as long as it is the same', async () => {
    const memory = new SourceMemory(await temporaryFolder());
    const path = await aFile('one');
    const first = await memory.lookAt(path);
    expect(first.facts).toEqual({});
    await first.remember({ sha256: 'x' });
    await (await memory.lookAt(path)).remember({ sound: true });
    expect((await memory.lookAt(path)).facts).toEqual({ sha256: 'x', sound: true });
    await expect(first.refuseChanged()).resolves.toBeUndefined();
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['is written anew, with the same size', (path) => writeFile(path, 'two')],
    ['has another time', (path) => utimes(path, 1, 1)],
    [
      'is replaced',
      async (path) => {
        await writeFile(`${path}.new`, 'one');
        await rename(`${path}.new`, path);
      },
    ],
  ])('forgets and refuses a file that %s', async (_, change) => {
    const memory = new SourceMemory(await temporaryFolder());
    const path = await aFile('one');
    const source = await memory.lookAt(path);
    await change(path);
    // What was found out about the old content must not become known of the new.
    await source.remember({ sound: true });
    expect((await memory.lookAt(path)).facts).toEqual({});
    await expect(source.refuseChanged()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  it('does without what it cannot read or write', async () => {
    const cache = await temporaryFolder();
    const path = await aFile('one');
    await (await new SourceMemory(cache).lookAt(path)).remember({ sound: true });
    const [entry = ''] = await readdir(join(cache, 'sources'));
    await writeFiles(join(cache, 'sources'), { [entry]: '{"sound": "maybe"' });
    expect((await new SourceMemory(cache).lookAt(path)).facts).toEqual({});
    await (await new SourceMemory(path).lookAt(path)).remember({ sound: true });
  });
});

describe('space', () => {
  const folder = () => temporaryFolder();

  it('that is there is no matter, also for a folder that is still to be made', async () => {
    await refuseWithoutSpace([{ folder: join(await folder(), 'not/there/yet'), bytes: 1 }]);
  });

  it('that is not there is refused before anything is written', async () => {
    await expect(refuseWithoutSpace([{ folder: await folder(), bytes: 2 ** 60 }])).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringContaining('1048576 TB are needed'),
    });
  });

  it('is added up over folders of one file system', async () => {
    const needs = [await folder(), await folder()].map((one) => ({ folder: one, bytes: 2 ** 59 }));
    await expect(refuseWithoutSpace(needs)).rejects.toMatchObject({ message: expect.stringContaining('1048576 TB') });
  });
});

it('the cache is where the environment says', () => {
  expect(cacheFolder({ MEDIASMITH_CACHE: '/c', XDG_CACHE_HOME: '/x' })).toBe('/c');
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/mediasmith');
  expect(cacheFolder({})).toMatch(/\/\.cache\/mediasmith$/);
});
