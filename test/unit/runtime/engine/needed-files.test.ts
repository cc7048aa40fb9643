import { expect, it } from 'vitest';
import { neededFiles } from '../../../../runtime/engine/needed-files.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { aManifest } from '../../../helpers/manifest.ts';

const image = (name: string, file: string) => ({ name, file, index: 1, bytes: 1 });
const MANIFEST = aManifest({
  images: [image('pro', 'pro.wim'), image('home', 'home.swm')],
  packages: [image('drivers', 'content.wim'), image('office', 'office.wim'), image('fonts', 'fonts.wim')],
  applications: [
    { name: 'Office', package: 'office', command: ['setup.exe'], successCodes: [0], dependsOn: ['Fonts'] },
    { name: 'Fonts', package: 'fonts', command: ['setup.exe'], successCodes: [0], dependsOn: [] },
  ],
  upgradePackages: [
    { name: '11', folder: 'mediasmith/upgrade/11', architecture: 'x64', version: '10', languages: [], editions: [] },
  ],
  windowsRuntimes: [{ architecture: 'x64', file: 'mediasmith.exe' }],
  files: ['mediasmith/upgrade/11/setup.exe', 'mediasmith/upgrade/11/sources/install.wim', 'mediasmith/upgrade/12'].map(
    (path) => ({ path, bytes: 0, sha256: '0'.repeat(64) }),
  ),
});

function needed(...steps: readonly Record<string, unknown>[]): string[] {
  return [...neededFiles(Sequence.parse({ formatVersion: 2, id: 'a', name: 'A', steps }), MANIFEST)];
}

it('has what enabled steps take, also those of groups and conditions', () => {
  expect(
    needed(
      { step: 'apply-operating-system', image: 'home' },
      { step: 'apply-operating-system', image: 'pro', enabled: false },
      {
        group: 'Drivers',
        condition: { variable: 'Make', value: 'Dell' },
        steps: [{ step: 'apply-driver-package', package: 'drivers' }],
      },
    ),
  ).toEqual(['home.swm', 'content.wim']);
});

it('has nothing for steps that take nothing', () => {
  expect(needed({ step: 'restart-computer' })).toEqual([]);
});

it('has everything of its kind where only a variable will tell', () => {
  expect(needed({ step: 'apply-operating-system', image: '%Edition%' })).toEqual(['pro.wim', 'home.swm']);
});

it('has what an application depends on, and the runtime for the Windows it is installed in', () => {
  const install = { step: 'install-application', applications: ['Office'] };
  expect(needed(install)).toEqual(['office.wim', 'fonts.wim']);
  expect(needed({ step: 'setup-windows' }, { ...install, applications: ['Fonts'] })).toEqual([
    'fonts.wim',
    'mediasmith.exe',
  ]);
});

it('has every file of an upgrade package', () => {
  expect(needed({ step: 'upgrade-operating-system', upgradePackage: '11' })).toEqual([
    'mediasmith/upgrade/11/setup.exe',
    'mediasmith/upgrade/11/sources/install.wim',
    'mediasmith.exe',
  ]);
});
