import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { driversIn } from '../../../builder/driver-infs.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const inf = (kind: string, target: string, model = '%Device% = Install, PCI\\VEN_FFFF') => `[Version]
Signature = "$WINDOWS NT$"
Class = ${kind}

[Manufacturer]
%Maker% = Models,${target}

[Models.${target}]
${model}
`;

async function drivers(files: Record<string, string>) {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return driversIn(folder);
}

it('tells the drivers of a folder by its INF files, wherever they lie', async () => {
  const files = {
    'net/one.inf': inf('Net', 'NTamd64'),
    'net/two.INF': inf('Net', 'NTarm64'),
    'display/three.inf': inf('Display', 'NTamd64'),
    'setup.exe': 'MZ',
  };
  expect(await drivers(files)).toEqual({ infs: 3, classes: ['Display', 'Net'], architectures: ['amd64', 'arm64'] });
});

it('takes no folder for drivers whose INF files install none', async () => {
  expect(await drivers({ 'autorun.inf': '[autorun]\nlabel=x\n', 'empty.inf': inf('Net', 'NTamd64', '') })).toBe(
    undefined,
  );
  expect(await drivers({ 'setup.exe': 'MZ' })).toBe(undefined);
});

it('reads nothing that only has the name of an INF, and tells no class that Windows could not have', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'big.inf': inf('Big', 'NTamd64'), 'long.inf': inf('L'.repeat(100_000), 'NTamd64') });
  await truncate(join(folder, 'big.inf'), 1024 ** 3);
  expect(await driversIn(folder)).toEqual({ infs: 1, classes: [], architectures: ['amd64'] });
});
