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

describe('names that Windows cannot hold', () => {
  it.each([
    ['CON', 'the name is that of a device'],
    ['aux', 'the name is that of a device'],
    ['nul.txt', 'the name is that of a device'],
    ['Lpt1 .x', 'the name is that of a device'],
    ['COM\u00b9', 'the name is that of a device'],
    ['conin$', 'the name is that of a device'],
    ['dot.', 'the name ends with a dot or a space'],
    ['space ', 'the name ends with a dot or a space'],
    ['a<b', 'none of < > : " \\ | ? * may be in a name'],
    ['a:b', 'none of < > : " \\ | ? * may be in a name'],
    ['a|b', 'none of < > : " \\ | ? * may be in a name'],
    ['a\\b', 'none of < > : " \\ | ? * may be in a name'],
    ['a\tb', 'a control character is in the name'],
  ])('are refused with their path: %j', async (name, why) => {
    for (const path of [name, `deep/${name}`, `${name}/file.txt`]) {
      const folder = await aPackage({ [path]: '' });
      const bad = path.replace('/file.txt', '');
      await expect(readPackageFolder('p', folder)).rejects.toMatchObject({
        code: 'NAME_NOT_ALLOWED',
        message: `package "p": Windows cannot hold ${JSON.stringify(bad)}: ${why}`,
        where: folder,
      });
    }
  });

  it.each([
    [['Setup.exe', 'setup.EXE'], ['"setup.EXE": differs from "Setup.exe" in nothing but case']],
    [['a/X.txt', 'A/x.txt'], ['"a": differs from "A" in nothing but case']],
    [['\u00c4.txt', '\u00e4.txt'], ['"\u00e4.txt": differs from "\u00c4.txt" in nothing but case']],
  ])('are those that differ in nothing but case: %j', async (paths, lines) => {
    const folder = await aPackage(Object.fromEntries(paths.map((path) => [path, ''])));
    await expect(readPackageFolder('p', folder)).rejects.toMatchObject({
      code: 'NAME_NOT_ALLOWED',
      message: `package "p": Windows cannot hold ${lines[0]}`,
    });
  });

  it('are all named at once', async () => {
    const folder = await aPackage({ CON: '', 'a:b': '', 'fine.txt': '' });
    await expect(readPackageFolder('p', folder)).rejects.toMatchObject({
      message: 'package "p": Windows cannot hold 2 of its names',
      lines: ['"CON": the name is that of a device', expect.stringContaining('"a:b"')],
    });
  });

  it('are no others', async () => {
    const names = ['console', 'com', 'com10', 'nul-.txt', '.hidden', 'a.b.c', '\u00df', 'SS', 'in nulls', '..data'];
    const folder = await aPackage(Object.fromEntries(names.map((name) => [name, ''])));
    expect((await readPackageFolder('p', folder)).files).toBe(names.length);
  });
});
