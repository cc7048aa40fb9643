import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linuxBootFolder, preparePackages } from '../../../../../builder/boot/linux/prepare-packages.ts';
import { type Exec, exec } from '../../../../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

async function aPackage(): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'tree/DEBIAN/control': 'Package: p\nVersion: 1\nArchitecture: all\nMaintainer: m <m@example.com>\nDescription: d\n',
    'tree/usr/share/doc/p/copyright': 'free',
  });
  const deb = join(folder, 'p.deb');
  await exec(['dpkg-deb', '--build', '--root-owner-group', join(folder, 'tree'), deb]);
  return deb;
}

/** Debian has one package. `meanwhile` happens while it is downloaded. */
function debian(deb: string, meanwhile: () => Promise<unknown>): Exec {
  return async (argv, options) => {
    if (argv[0] === 'apt-cache') return { exitCode: 0, stdout: 'Depends: linux-image-6.12-amd64\n', stderr: '' };
    if (argv[0] !== 'apt-get') return exec(argv, options);
    if (argv.includes('download')) {
      await meanwhile();
      await copyFile(deb, join(options?.cwd ?? '', 'p.deb'));
    }
    return { exitCode: 0, stdout: '', stderr: '' };
  };
}

it('fetches the packages while another build does, and neither is in the way of the other', async () => {
  const [cacheFolder, deb] = [await temporaryFolder(), await aPackage()];
  const configurations: string[] = [];
  const prepare = (meanwhile: () => Promise<unknown>) => {
    const of = debian(deb, meanwhile);
    const noted: Exec = (argv, options) => {
      if (argv.includes('update')) configurations.push(options?.env?.APT_CONFIG ?? '');
      return of(argv, options);
    };
    return preparePackages({ cacheFolder, exec: noted, emit: () => undefined });
  };
  const { root } = await prepare(() => prepare(async () => undefined));
  expect(await readFile(join(root, 'usr/share/doc/p/copyright'), 'utf8')).toBe('free');
  // apt lets one at a time into its folders.
  expect(new Set(configurations).size).toBe(2);
  expect((await readdir(linuxBootFolder(cacheFolder))).sort()).toEqual(['packages', 'resolution.json']);
});
