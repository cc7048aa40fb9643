import { expect, it } from 'vitest';
import type { Manifest } from '../../../../runtime/contract/manifest.ts';
import { neededFiles } from '../../../../runtime/engine/needed-files.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';

const image = (name: string, file: string) => ({ name, file, index: 1, bytes: 1 });
const MANIFEST: Manifest = {
  ...{ formatVersion: 1, id: '', name: '', label: '', builtBy: '', bootEnvironment: 'winpe', unattended: true },
  ...{ sequences: [], files: [] },
  images: [image('pro', 'pro.wim'), image('home', 'home.swm')],
  packages: [image('drivers', 'content.wim'), image('office', 'content.wim')],
};

function needed(...steps: readonly Record<string, unknown>[]): string[] {
  return [...neededFiles(Sequence.parse({ formatVersion: 1, id: 'a', name: 'A', steps }), MANIFEST)];
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
