import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  fetchNpmPackage,
  type NpmPackage,
  npmPackArgv,
  npmPackageFolder,
} from '../../../../builder/tools/npm-package.ts';
import { unpackTarballArgv } from '../../../../builder/tools/tar.ts';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { type Exec, exec } from '../../../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const NAMED = { name: '@vendor/thing', version: '1.2.3' };

/** A registry of one package, with a program for npm that writes its archive. */
async function registry(): Promise<{ cache: string; wanted: NpmPackage; exec: Exec; ran: string[] }> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'package/package.json': '{"name":"@vendor/thing"}', 'package/bin/thing.exe': 'MZ' });
  const archive = join(folder, 'thing.tgz');
  await exec(['tar', '--create', '--gzip', '--file', archive, '--directory', folder, 'package']);
  const integrity = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  const ran: string[] = [];
  const offering: Exec = (argv, options) => {
    ran.push(argv[0]);
    if (argv[0] !== 'npm') return exec(argv, options);
    expect(argv.slice(0, 3)).toEqual(['npm', 'pack', '@vendor/thing@1.2.3']);
    return exec(['cp', archive, argv[argv.indexOf('--pack-destination') + 1] ?? '']);
  };
  await mkdir(join(folder, 'cache'));
  return { cache: join(folder, 'cache'), wanted: { ...NAMED, integrity }, exec: offering, ran };
}

it('fetches and unpacks a package once', async () => {
  const { cache, wanted, exec, ran } = await registry();
  const folder = await fetchNpmPackage(wanted, cache, exec);
  expect(await readFile(join(folder, 'bin/thing.exe'), 'utf8')).toBe('MZ');
  expect((await readdir(folder)).sort()).toEqual(['bin', 'package.json']);
  expect(await fetchNpmPackage(wanted, cache, exec)).toBe(folder);
  expect(ran).toEqual(['npm', 'tar']);
});

it('refuses an archive that is not the pinned one, and keeps nothing of it', async () => {
  const { cache, exec } = await registry();
  const wanted = { ...NAMED, integrity: 'sha512-AAAA' };
  await expect(fetchNpmPackage(wanted, cache, exec)).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
    message: 'the npm package @vendor/thing@1.2.3 is not the one that was published',
    lines: ['wanted sha512-AAAA', expect.stringMatching(/^found {2}sha512-.{80}/)],
  });
  expect(await readdir(cache)).toEqual([]);
});

it('says what to do without a network', async () => {
  const { cache, wanted } = await registry();
  const offline: Exec = () => Promise.reject(new MediasmithError('TOOL_FAILED', 'npm ended', { lines: ['ENOTFOUND'] }));
  await expect(fetchNpmPackage(wanted, cache, offline)).rejects.toMatchObject({
    code: 'TOOL_FAILED',
    message: 'cannot fetch the npm package @vendor/thing@1.2.3',
    lines: ['ENOTFOUND'],
    hint: expect.stringContaining('network'),
  });
  expect(await readdir(cache)).toEqual([]);
});

it('lets another integrity be another package', () => {
  const [one, other] = ['sha512-A', 'sha512-B'].map((integrity) => npmPackageFolder({ ...NAMED, integrity }, '/cache'));
  expect(one).toMatch(/^\/cache\/@vendor\+thing@1\.2\.3-[0-9a-f]{12}$/);
  expect(other).not.toBe(one);
});

it('builds its command lines', () => {
  expect([
    npmPackArgv({ ...NAMED, integrity: '' }, '/t').join(' '),
    unpackTarballArgv('/t/a.tgz', '/t').join(' '),
  ]).toMatchInlineSnapshot(`
    [
      "npm pack @vendor/thing@1.2.3 --pack-destination /t --ignore-scripts --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000",
      "tar --extract --gzip --no-same-owner --no-same-permissions --strip-components=1 --file /t/a.tgz --directory /t",
    ]
  `);
});
