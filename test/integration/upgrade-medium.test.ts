import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const MEDIA = `formatVersion: 1
name: Upgrade
packages: [{ name: tools, source: tools }]
applications:
  - { name: fonts, package: tools, command: fonts.exe /quiet }
  - { name: office, package: tools, command: [setup.exe, /s], dependsOn: [fonts] }
upgradePackages: [{ name: win11, source: files }]
variables: [{ name: Site, value: Berlin }, { name: Room }, { name: Pin, secret: true }]
machines: machines.yaml
preferredSequence: upgrade
sequences: [upgrade.yaml, install.yaml]
outputs: [{ iso: out.iso }]
`;
const UPGRADE = `formatVersion: 2
id: upgrade
name: Upgrade in place
startsIn: full-os
steps:
  - { step: upgrade-operating-system, upgradePackage: win11 }
  - { step: install-application, applications: [office] }
`;
const INSTALL = `formatVersion: 1
id: install
name: Install
steps:
  - { step: run-command-line, command: [a] }
`;
const MACHINES = 'formatVersion: 1\nmachines: [{ match: { serial: "1*" }, variables: { Room: 12 } }]\n';

let wim: string;

beforeAll(async () => {
  const size = { files: 200, bytes: 5_000_000 };
  wim = (await makeDemoImage({ folder: join(cacheFolder(), 'demo'), exec, emit: () => {}, size })).path;
});

async function project(media = MEDIA): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    ...{ 'media.yaml': media, 'upgrade.yaml': UPGRADE, 'install.yaml': INSTALL, 'machines.yaml': MACHINES },
    ...{ 'tools/setup.exe': 'setup', 'files/Setup.exe': 'windows setup', 'files/sources/lang.ini': 'en-US' },
  });
  await mkdir(join(folder, 'files/sources'), { recursive: true });
  await symlink(wim, join(folder, 'files/sources/install.wim'));
  return folder;
}

const build = (folder: string) => cli(['build', join(folder, 'media.yaml'), '--json']);

it('an upgrade medium has the installation files, the runtime at its root, and what the steps need in its manifest', async () => {
  const folder = await project();
  const built = await build(folder);
  expect(built.stderr).not.toContain('error');
  const iso = join(folder, 'out.iso');
  expect(JSON.parse((await cli(['verify', iso, '--json'])).stdout)).toMatchObject({ bad: [] });
  await exec(['xorriso', '-osirrox', 'on', '-indev', iso, '-extract', '/mediasmith', join(folder, 'mediasmith')]);
  const { files, ...manifest } = await readJson(join(folder, 'mediasmith/manifest.json'));
  expect(manifest).toMatchObject({
    applications: [
      { name: 'fonts', package: 'tools', command: 'fonts.exe /quiet', successCodes: [0, 1641, 3010], dependsOn: [] },
      { name: 'office', command: ['setup.exe', '/s'], dependsOn: ['fonts'] },
    ],
    upgradePackages: [{ name: 'win11', folder: 'mediasmith/upgrade/win11', architecture: 'x64' }],
    windowsRuntimes: [{ architecture: 'x64', file: 'mediasmith.exe' }],
    variables: [
      { name: 'Site', value: 'Berlin', secret: false },
      { name: 'Room', secret: false },
      { name: 'Pin', secret: true },
    ],
    machines: 'mediasmith/machines.json',
    preferredSequence: 'upgrade',
  });
  expect(manifest.upgradePackages[0].editions).toHaveLength(2);
  const paths = files.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'mediasmith.exe',
      'mediasmith/machines.json',
      'mediasmith/upgrade/win11/Setup.exe',
      'mediasmith/upgrade/win11/sources/install.wim',
      'mediasmith/upgrade/win11/sources/lang.ini',
      'mediasmith/windows-runtime.json',
    ]),
  );
  expect(await readJson(join(folder, 'mediasmith/machines.json'))).toMatchObject({
    machines: [{ variables: { Room: '12' } }],
  });
  // What is started by hand in Windows is not on the boot menu, and every sequence is of the newest version.
  expect(await readJson(join(folder, 'mediasmith/sequences/install.json'))).toMatchObject({
    formatVersion: 2,
    steps: [{ successCodes: [0] }],
  });
});

describe('installation files are refused', () => {
  it.each([
    ['without setup.exe', 'source: tools', /has no sources\/install\.wim or sources\/install\.esd/],
    ['that are an image alone', 'source: files/sources/install.wim', /is an image and no Windows Setup/],
    ['that are not there', 'source: nowhere', /cannot open/],
  ])('%s', async (_, source, message) => {
    const folder = await project(MEDIA.replace('source: files', source));
    const { exitCode, stdout } = await build(folder);
    expect([exitCode, JSON.parse(stdout).error.message]).toEqual([2, expect.stringMatching(message)]);
  });
});

async function readJson(path: string) {
  return JSON.parse(await readFile(path, 'utf8'));
}
