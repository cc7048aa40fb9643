import { expect, it } from 'vitest';
import { debootstrapArgv, mirrorOf } from '../../helpers/wine-root.ts';

it('finds the mirror of the release itself', () => {
  const targets = [
    'stable main https://packages.example/apt/',
    'bookworm-security main http://mirror.example/debian-security/',
    'bookworm contrib http://other.example/debian/',
    'bookworm main http://mirror.example/debian/',
    '',
  ].join('\n');
  expect(mirrorOf(targets, 'bookworm')).toBe('http://mirror.example/debian/');
  expect(mirrorOf(targets, 'trixie')).toBeUndefined();
});

it('unpacks Debian 13 with its signatures checked', () => {
  const argv = debootstrapArgv('/cache/root', 'http://mirror.example/debian/');
  expect(argv).toContain('--force-check-gpg');
  expect(argv.slice(-3)).toEqual(['trixie', '/cache/root', 'http://mirror.example/debian/']);
});
