import { chmod, mkdir, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPackageFolder } from '../../../builder/package-folder.ts';
import { exec } from '../../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const TIME = new Date('2026-01-01T00:00:00Z');

async function aPackage(files: Record<string, string> = { 'a.inf': 'abc', 'deep/b.sys': '12345' }): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  for (const path of Object.keys(files)) await utimes(join(folder, path), TIME, TIME);
  return folder;
}

const fingerprint = async (folder: string) => (await readPackageFolder('p', folder)).fingerprint;

it('counts what is in it', async () => {
  const folder = await aPackage();
  expect(await readPackageFolder('p', folder)).toMatchObject({ name: 'p', folder, files: 2, bytes: 8 });
  expect(await readPackageFolder('p', await temporaryFolder())).toMatchObject({ files: 0, bytes: 0 });
});

describe('the fingerprint', () => {
  it('is the same for the same folder elsewhere', async () => {
    expect(await fingerprint(await aPackage())).toBe(await fingerprint(await aPackage()));
  });

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['a name', (folder) => writeFiles(folder, { 'c.inf': '' })],
    ['a size', (folder) => writeFiles(folder, { 'a.inf': 'abcd' })],
    ['a time', (folder) => utimes(join(folder, 'a.inf'), TIME, new Date(TIME.getTime() + 1000))],
    ['an empty folder', (folder) => mkdir(join(folder, 'empty'))],
    ['a file that is gone', (folder) => rm(join(folder, 'a.inf'))],
    ['a link', (folder) => symlink('a.inf', join(folder, 'link'))],
  ])('changes with %s', async (_, change) => {
    const folder = await aPackage();
    const before = await fingerprint(folder);
    await change(folder);
    expect(await fingerprint(folder)).not.toBe(before);
  });

  it('changes with where a link leads', async () => {
    const folder = await aPackage();
    await symlink('a.inf', join(folder, 'link'));
    const before = await fingerprint(folder);
    await rm(join(folder, 'link'));
    await symlink('deep/b.sys', join(folder, 'link'));
    expect(await fingerprint(folder)).not.toBe(before);
  });
});

describe('a link', () => {
  it.each(['a.inf', './deep/b.sys', 'deep', '.', '..data', 'deep/../a.inf'])(
    'to %s stays inside and is not followed',
    async (target) => {
      const folder = await aPackage({ 'a.inf': '', 'deep/b.sys': '', '..data': '' });
      await symlink(target, join(folder, 'link'));
      expect((await readPackageFolder('p', folder)).files).toBe(3);
    },
  );

  it.each(['/etc/passwd', '..', '../other', 'deep/../../x'])('to %s is refused', async (target) => {
    const folder = await aPackage();
    await symlink(target, join(folder, 'link'));
    await expect(readPackageFolder('p', folder)).rejects.toMatchObject({
      code: 'PATH_OUTSIDE',
      where: join(folder, 'link'),
    });
  });

  it('deep inside is looked at too', async () => {
    const folder = await aPackage();
    await symlink('../../x', join(folder, 'deep/link'));
    await expect(readPackageFolder('p', folder)).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });
});

describe('what is no package', () => {
  it('is said to be missing, or to be no folder', async () => {
    const folder = await aPackage();
    await expect(readPackageFolder('p', join(folder, 'none'))).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: expect.stringContaining('does not exist'),
    });
    await expect(readPackageFolder('p', join(folder, 'a.inf'))).rejects.toMatchObject({
      message: expect.stringContaining('is not a folder'),
    });
  });

  it('is a folder with a pipe in it', async () => {
    const folder = await aPackage();
    await exec(['mkfifo', join(folder, 'pipe')]);
    await chmod(join(folder, 'pipe'), 0o600);
    await expect(readPackageFolder('p', folder)).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
  });
});
