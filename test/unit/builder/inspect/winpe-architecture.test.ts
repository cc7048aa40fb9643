import { expect, it } from 'vitest';
import type { MediumFiles } from '../../../../builder/inspect/medium-files.ts';
import { winpeArchitecture } from '../../../../builder/inspect/winpe-architecture.ts';
import { MEDIUM_PATHS } from '../../../../runtime/contract/manifest.ts';

const medium = (text: string | undefined) =>
  ({
    find: (path: string) => (text === undefined || path !== MEDIUM_PATHS.bootPackages ? undefined : { path }),
    read: async () => Buffer.from(text ?? ''),
  }) as unknown as MediumFiles;

it.each([
  ['winpe', '{ "kind": "winpe", "architecture": "arm64" }', 'arm64'],
  ['winpe', '{ "kind": "winpe", "architecture": "x64" }', 'x64'],
  ['winpe', '{ "kind": "winpe" }', undefined],
  ['winpe', 'damaged', undefined],
  ['winpe', undefined, undefined],
  ['linux', '{ "architecture": "x64" }', undefined],
] as const)('%s, %s', async (bootEnvironment, text, architecture) => {
  expect(await winpeArchitecture(medium(text), { bootEnvironment })).toBe(architecture);
});
