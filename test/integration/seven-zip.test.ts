import { copyFile, mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { extractFromArchive, listArchive } from '../../builder/tools/seven-zip.ts';
import { exec } from '../../runtime/host/exec.ts';

let room: string;

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'mediasmith-7zip-'));
  const tree = join(room, 'tree');
  await mkdir(join(tree, 'sources'), { recursive: true });
  await writeFile(join(tree, 'sources/install.wim'), Buffer.alloc(2_000_000, 'no two blocks of these are alike '));
  // More than the end of a listing has room for.
  for (let number = 0; number < 40; number++) await writeFile(join(tree, `${number}.txt`), `${number}`);
  await exec(['xorriso', '-no_rc', '-as', 'mkisofs', '-quiet', '-o', join(room, 'image.iso'), tree]);
  await exec(['genisoimage', '-quiet', '-udf', '-o', join(room, 'image.udf'), tree]);
  for (const kind of ['zip', '7z']) await exec(['7zz', 'a', '-bso0', '-mx0', join(room, `image.${kind}`), tree]);
  await exec(['7zz', 'a', '-bso0', '-psecret', join(room, 'locked.zip'), tree]);
  await exec(['7zz', 'a', '-bso0', '-psecret', '-mhe=on', join(room, 'locked.7z'), tree]);
});
afterAll(() => rm(room, { recursive: true, force: true }));

it.each(['image.iso', 'image.udf', 'image.zip', 'image.7z'])(
  'calls a cut %s damaged, wherever it ends',
  async (name) => {
    const whole = join(room, name);
    const { size } = await stat(whole);
    expect((await listArchive(whole, exec)).files.length).toBe(41);
    for (const bytes of [Math.floor(size / 2), size - 400_000]) {
      const cut = join(room, `cut-${bytes}-${name}`);
      await copyFile(whole, cut);
      await truncate(cut, bytes);
      await expect(listArchive(cut, exec), `${bytes} of ${size} bytes`).rejects.toMatchObject({
        code: 'SOURCE_INVALID',
        message: `${cut} is damaged or not complete`,
        lines: expect.arrayContaining([expect.stringMatching(/^Unexpected end of archive|^Open ERROR/)]),
      });
    }
  },
);

it.each(['locked.zip', 'locked.7z'])('says of %s that it has a password', async (name) => {
  const archive = join(room, name);
  await expect(extractFromArchive({ archive, folder: join(room, 'out') }, exec)).rejects.toMatchObject({
    message: `${archive} is protected by a password`,
  });
});

it('says of what is no archive that it is none', async () => {
  const noise = join(room, 'noise.iso');
  await writeFile(noise, Buffer.alloc(50_000, 'noise'));
  await expect(listArchive(noise, exec)).rejects.toMatchObject({
    message: `${noise} is not a disc image or an archive that 7-Zip reads`,
    lines: [expect.stringMatching(/Cannot open the file as archive/)],
  });
});
