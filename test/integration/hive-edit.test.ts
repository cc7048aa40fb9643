import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportHive } from '../../builder/tools/hivexregedit.ts';
import { type HiveKey, type HiveValue, hiveFromPaths, hiveKey } from '../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../runtime/hive/regf.ts';
import { setHiveValues } from '../../runtime/hive/regf-edit.ts';
import { exec } from '../../runtime/host/exec.ts';
import { ROOT } from '../helpers/sources.ts';

const HIVES = join(ROOT, '../shared/data/hives');

const timestamp = new Date('2026-03-04T05:06:07Z');
const later = new Date('2026-05-06T07:08:09Z');
const NEW: HiveValue[] = [
  { name: 'LayerDriver KOR', type: 'SZ', data: 'kbd101c.dll' },
  { name: 'overridekeyboardtype', type: 'DWORD', data: 8 },
  { name: 'OverrideKeyboardSubtype', type: 'DWORD', data: 5 },
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-hive-edit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What hivexsh says of the values of a key, and how many keys are beside it. */
async function ask(hive: Uint8Array, path: string): Promise<string[]> {
  const file = join(folder, 'hive');
  await writeFile(file, hive);
  const { stdout } = await exec(['hivexsh', file], { input: `cd ${path}\nlsval\n` });
  return stdout.trim().split('\n').toSorted();
}

function edited(tree: HiveKey, path: string, minorVersion: 3 | 5): Buffer {
  const hive = Buffer.from(writeHive(tree, { timestamp, minorVersion }));
  const once = setHiveValues(hive, path, NEW, later);
  if (once === undefined) throw new Error('not a hive');
  expect(setHiveValues(hive, path, NEW, later)?.equals(once)).toBe(true);
  return once;
}

test.each([3, 5] as const)(
  'hivex reads what was set in a key of a hive of 1.%i that is there',
  async (minorVersion) => {
    const tree = hiveFromPaths('SYSTEM', {
      'ControlSet001\\Services\\i8042prt\\Parameters': {
        'LayerDriver KOR': { type: 'SZ', data: 'kbd101a.dll' },
        OverrideKeyboardType: { type: 'DWORD', data: 7 },
        PollingIterations: { type: 'DWORD', data: 12_000 },
      },
    });
    const hive = edited(tree, 'controlset001\\services\\I8042PRT\\parameters', minorVersion);
    expect(await ask(hive, 'ControlSet001\\Services\\i8042prt\\Parameters')).toEqual([
      '"LayerDriver KOR"="kbd101c.dll"',
      '"OverrideKeyboardSubtype"=dword:00000005',
      '"PollingIterations"=dword:00002ee0',
      '"overridekeyboardtype"=dword:00000008',
    ]);
  },
);

test.each([3, 5] as const)('hivex finds keys that were made among 1500 others of 1.%i', async (minorVersion) => {
  const others = Array.from({ length: 1500 }, (_, at) => hiveKey(`Svc ${at}`, { Start: { type: 'DWORD', data: at } }));
  const tree = hiveKey('SYSTEM', {}, [hiveKey('ControlSet001', {}, [hiveKey('Services', {}, others)])]);
  const hive = edited(tree, 'ControlSet001\\Services\\i8042prt\\Parameters', minorVersion);
  expect(await ask(hive, 'ControlSet001\\Services\\i8042prt\\Parameters')).toHaveLength(3);
  expect(await ask(hive, 'ControlSet001\\Services\\Svc 1499')).toEqual(['"Start"=dword:000005db']);
  const { stdout } = await exec(['hivexsh', join(folder, 'hive')], { input: 'cd ControlSet001\\Services\nls\n' });
  expect(stdout.trim().split('\n')).toHaveLength(1501);
});

test('hivex can change a hive that was changed', async () => {
  const hive = edited(hiveFromPaths('SYSTEM', { ControlSet001: {} }), 'ControlSet001\\Services\\x', 5);
  const file = join(folder, 'again');
  await writeFile(file, hive);
  await exec(['hivexsh', '-w', file], { input: 'cd ControlSet001\\Services\nadd y\ncommit\n' });
  const { stdout } = await exec(['hivexsh', file], { input: 'cd ControlSet001\\Services\nls\n' });
  expect(stdout.trim().split('\n')).toEqual(['x', 'y']);
});

test
  .skipIf(!existsSync(HIVES))
  .each([
    'BCD-efi',
    'BigDataHive',
    'CompHive',
    'ManySubkeysHive',
    'ReallocValueDataHive',
    'RecoveredHive_Windows10',
    'UnicodeHive',
  ])('the real hive %s keeps all it had (skipped without its file)', async (name) => {
  const before = await exportHive(join(HIVES, name), '', exec);
  const once = setHiveValues(await readFile(join(HIVES, name)), 'Made\\Here', NEW, later) ?? Buffer.alloc(0);
  const file = join(folder, name);
  await writeFile(file, setHiveValues(once, 'made\\here', [{ name: 'More', type: 'SZ', data: 'x' }], later) ?? '');
  const after = await exportHive(file, '', exec);
  expect(after.get('Made\\Here')?.size).toBe(NEW.length + 1);
  expect(new Map([...after].filter(([path]) => !path.startsWith('Made')))).toEqual(before);
});
