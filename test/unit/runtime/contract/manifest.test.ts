import { expect, it } from 'vitest';
import { Manifest, MediumPath } from '../../../../runtime/contract/manifest.ts';

it.each(['a', 'mediasmith/manifest.json', 'a/b.c/..d', '.hidden', 'a/...', 'Größe/x y'])('%j is a path', (path) => {
  expect(MediumPath.safeParse(path).success).toBe(true);
});

it.each(['', '/etc/passwd', '..', '../a', 'a/../b', 'a/..', '.', './a', 'a/.', 'a\\b', '..\\a', 'a\n/../../b', 'a\0b'])(
  '%j is refused',
  (path) => {
    expect(MediumPath.safeParse(path).success).toBe(false);
  },
);

const MANIFEST = {
  formatVersion: 1,
  id: '3b241101-e2bb-4255-8caf-4136c566a962',
  name: 'n',
  label: 'L',
  builtBy: 'mediasmith 0.1.0',
  bootEnvironment: 'linux',
  unattended: true,
  sequences: [{ id: 'a', name: 'A', file: 'mediasmith/sequences/a.json' }],
  images: [],
  packages: [],
  files: [{ path: 'a', bytes: 0, sha256: '0'.repeat(64) }],
};

it('takes a manifest', () => {
  const nothing = {
    ...{ applications: [], upgradePackages: [], windowsRuntimes: [], variables: [], sources: [] },
    bootDrivers: [],
  };
  expect(Manifest.parse(MANIFEST)).toEqual({ ...MANIFEST, ...nothing, copyFirst: false });
  expect(Manifest.parse({ ...MANIFEST, preferredSequence: 'a' })).toMatchObject({ preferredSequence: 'a' });
});

it.each([
  { formatVersion: 2 },
  { id: 'x' },
  { bootEnvironment: 'dos' },
  { sequences: [{ id: 'a', name: 'A', file: '../../etc/passwd' }] },
  { images: [{ name: 'w', file: 'a.wim', index: 0, bytes: 1 }] },
  { files: [{ path: 'a', bytes: -1, sha256: '0'.repeat(64) }] },
  { files: [{ path: 'a', bytes: 1, sha256: 'A'.repeat(64) }] },
  { files: [{ path: '/a', bytes: 1, sha256: '0'.repeat(64) }] },
])('refuses one with %o', (change) => {
  expect(Manifest.safeParse({ ...MANIFEST, ...change }).success).toBe(false);
});
