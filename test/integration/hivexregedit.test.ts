import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportHive, mergeIntoHive, registryValue } from '../../builder/tools/hivexregedit.ts';
import { type HiveData, hiveFromPaths } from '../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../runtime/hive/regf.ts';
import { exec } from '../../runtime/host/exec.ts';
import { ROOT } from '../helpers/sources.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const HIVES = join(ROOT, '../shared/data/hives');

const EVERY_TYPE: Record<string, HiveData> = {
  '': { type: 'SZ', data: 'the default value' },
  'a "quoted" \\ name': { type: 'EXPAND_SZ', data: '%SystemRoot%\\system32' },
  größe: { type: 'QWORD', data: 2n ** 63n + 1n },
  名前: { type: 'MULTI_SZ', data: ['ein', 'zwei', '三'] },
  bytes: { type: 'BINARY', data: Uint8Array.from({ length: 20_000 }, (_, at) => at * 7) },
  number: { type: 'DWORD', data: 0xfffffffe },
};

async function hive(paths: Record<string, Record<string, HiveData>>, minorVersion: 3 | 5 = 5): Promise<string> {
  const path = join(await temporaryFolder(), 'HIVE');
  const timestamp = new Date('2026-03-04T05:06:07Z');
  await writeFile(path, writeHive(hiveFromPaths('ROOT', paths), { timestamp, minorVersion }));
  return path;
}

test('a hive is read with every type and with names beyond ASCII', async () => {
  const path = await hive({ 'Schlüssel\\列 [x]': EVERY_TYPE, Other: { n: { type: 'SZ', data: 'é' } } });
  const keys = await exportHive(path, '', exec);
  expect([...keys.keys()]).toEqual(['', 'Other', 'Schlüssel', 'Schlüssel\\列 [x]']);
  expect(keys.get('Schlüssel\\列 [x]')).toEqual(new Map(Object.entries(EVERY_TYPE)));
  expect(registryValue(keys, 'other', 'N')).toEqual({ type: 'SZ', data: 'é' });
  expect([...(await exportHive(path, 'schlüssel\\列 [X]', exec)).keys()]).toEqual(['Schlüssel\\列 [x]']);
  expect((await exportHive(path, 'not\\there', exec)).size).toBe(0);
});

test.each([3, 5] as const)(
  'values are merged into a hive of 1.%i: the old stay, the named are replaced',
  async (minor) => {
    const stays: HiveData = { type: 'SZ', data: 'stays' };
    const path = await hive({ Setup: { stays, CmdLine: { type: 'SZ', data: 'old' } }, 'Setup\\Sub': { stays } }, minor);
    const cmdLine: HiveData = { type: 'SZ', data: 'winpeshl.exe' };
    await mergeIntoHive(
      path,
      new Map([
        ['setup', new Map([['cmdline', cmdLine]])],
        ['Schlüssel\\列 [x]', new Map(Object.entries(EVERY_TYPE))],
      ]),
      exec,
    );
    const keys = await exportHive(path, '', exec);
    expect([...keys.keys()]).toEqual(['', 'Schlüssel', 'Schlüssel\\列 [x]', 'Setup', 'Setup\\Sub']);
    expect(keys.get('Setup')).toEqual(new Map(Object.entries({ cmdline: cmdLine, stays })));
    expect(keys.get('Setup\\Sub')).toEqual(new Map(Object.entries({ stays })));
    expect(keys.get('Schlüssel\\列 [x]')).toEqual(new Map(Object.entries(EVERY_TYPE)));
  },
);

test('a merge of the same values twice changes nothing more, and leaves no other file', async () => {
  const path = await hive({ a: EVERY_TYPE });
  const keys = new Map([['a\\b', new Map(Object.entries(EVERY_TYPE))]]);
  await mergeIntoHive(path, keys, exec);
  const once = await exportHive(path, '', exec);
  await mergeIntoHive(path, keys, exec);
  expect(await exportHive(path, '', exec)).toEqual(once);
  expect(await readdir(join(path, '..'))).toEqual(['HIVE']);
});

test('a value of the root itself is merged', async () => {
  const path = await hive({ a: {} });
  await mergeIntoHive(path, new Map([['', new Map(Object.entries(EVERY_TYPE))]]), exec);
  expect((await exportHive(path, '', exec)).get('')).toEqual(new Map(Object.entries(EVERY_TYPE)));
});

test('what is no hive is refused by name and stays as it is', async () => {
  const path = join(await temporaryFolder(), 'SYSTEM');
  const refusal = { code: 'SOURCE_INVALID', where: path, message: `${path} is not a registry hive that can be read` };
  for (const bytes of ['no hive at all', '', (await readFile(await hive({ a: EVERY_TYPE }))).subarray(0, 6000)]) {
    await writeFile(path, bytes);
    await expect(exportHive(path, '', exec)).rejects.toMatchObject(refusal);
    await expect(mergeIntoHive(path, new Map([['a', new Map()]]), exec)).rejects.toMatchObject(refusal);
    expect(await readFile(path)).toEqual(Buffer.from(bytes));
  }
  expect(await readdir(join(path, '..'))).toEqual(['SYSTEM']);
  const nowhere = join(path, '..', 'none');
  await expect(exportHive(nowhere, '', exec)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  await expect(mergeIntoHive(nowhere, new Map(), exec)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
});

const BROKEN = [
  'BadBaseBlockHive',
  'GarbageHive',
  'TruncatedHive',
  'TruncatedHiveBin',
  'TruncatedPairHive',
  'hive_bin.1',
];

test.skipIf(!existsSync(HIVES)).each(BROKEN)(
  'the broken hive %s is refused (skipped without its file)',
  async (name) => {
    await expect(exportHive(join(HIVES, name), '', exec)).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
  },
);

test.skipIf(!existsSync(HIVES))('real stores and hives are read (skipped without their files)', async () => {
  const service = await exportHive(join(HIVES, 'WinSetupBoot.hiv'), '', exec);
  expect(registryValue(service, 'Instances\\WinSetupBoot', 'Altitude')).toEqual({ type: 'SZ', data: '40400' });
  expect(registryValue(service, '', 'Start')).toEqual({ type: 'DWORD', data: 0 });
  expect((await exportHive(join(HIVES, 'ManySubkeysHive'), '', exec)).size).toBeGreaterThan(5000);
});
