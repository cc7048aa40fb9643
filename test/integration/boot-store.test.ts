import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBootStore } from '../../builder/boot/winpe/boot-store.ts';
import { bootStoreProblems } from '../../builder/boot/winpe/boot-store-check.ts';
import { exportHive, registryValue } from '../../builder/tools/hivexregedit.ts';
import { windowsBootStore } from '../../runtime/hive/bcd.ts';
import { partitionDevice, ramdiskDevice } from '../../runtime/hive/bcd-device.ts';
import { hiveKey } from '../../runtime/hive/hive-tree.ts';
import { mediumBootStore } from '../../runtime/hive/medium-store.ts';
import { writeHive } from '../../runtime/hive/regf.ts';
import { exec } from '../../runtime/host/exec.ts';
import { ROOT } from '../helpers/sources.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const HIVES = join(ROOT, '../shared/data/hives');
const timestamp = new Date('2026-03-04T05:06:07Z');
const LOADER = '{7619dcc9-fafe-11d9-b411-000476eba25f}';
const OPTIONS = '{7619dcc8-fafe-11d9-b411-000476eba25f}';

async function kept(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'BCD');
  await writeFile(path, bytes);
  return path;
}

describe.each([
  ['uefi', 'efi'],
  ['bios', 'exe'],
] as const)('the store we write for a medium that %s starts', (firmware, extension) => {
  test('is read back as written, and has no problem where its files are', async () => {
    const store = await readBootStore(await kept(mediumBootStore({ firmware, timestamp })), exec);
    expect(store).toEqual({
      default: LOADER,
      entries: [
        {
          id: LOADER,
          description: 'Windows Setup',
          path: `\\windows\\system32\\boot\\winload.${extension}`,
          device: { type: 'ramdisk', parent: { type: 'boot' }, path: '\\sources\\boot.wim', options: OPTIONS },
          winPe: true,
        },
      ],
      ramdisks: [{ id: OPTIONS, sdiDevice: { type: 'boot' }, sdiPath: '\\boot\\boot.sdi' }],
    });
    const has = (path: string) => ['sources/boot.wim', 'boot/boot.sdi'].includes(path);
    expect(bootStoreProblems(store, { firmware, has })).toEqual([]);
  });

  test('is the same twice, and hivexsh walks it', async () => {
    const bytes = mediumBootStore({ firmware, timestamp, locale: 'de-DE' });
    expect(mediumBootStore({ firmware, timestamp, locale: 'de-DE' })).toEqual(bytes);
    const path = await kept(bytes);
    const { stdout } = await exec(['hivexsh', path], { input: `cd \\Objects\\${LOADER}\\Elements\nls\n` });
    expect(stdout.trim().split('\n')).toEqual(
      [
        ...['11000001', '12000002', '12000004', '12000005', '14000006'],
        ...(firmware === 'uefi' ? ['16000060'] : []),
        ...['21000001', '22000002', '25000020', '250000c2', '26000010', '26000022', '260000b0'],
      ].map(String),
    );
    const locale = registryValue(
      await exportHive(path, `Objects\\${LOADER}`, exec),
      `Objects\\${LOADER}\\Elements\\12000005`,
      'Element',
    );
    expect(locale).toEqual({ type: 'SZ', data: 'de-DE' });
  });
});

test("a computer's own store is read too, and would not start a medium", async () => {
  const bytes = windowsBootStore({
    firmware: 'bios',
    disk: { signature: 1 },
    bootPartition: { offset: 1_048_576 },
    windowsPartition: { offset: 2_097_152 },
    locale: 'en-US',
    guids: { loader: '5d7f9f3a-6a5b-4c0e-9f5e-0f6f1a2b3c4d', resume: '5d7f9f3b-6a5b-4c0e-9f5e-0f6f1a2b3c4d' },
    timestamp,
  });
  const problems = bootStoreProblems(await readBootStore(await kept(bytes), exec), {
    firmware: 'bios',
    has: () => true,
  });
  expect(problems).toEqual([
    'the default entry does not say that it starts WinPE',
    'the default entry does not start a WIM file',
  ]);
});

test('a hive of something else, and a file that is none', async () => {
  const software = await kept(writeHive(hiveKey('SOFTWARE', {}, [hiveKey('Microsoft')]), { timestamp }));
  await expect(readBootStore(software, exec)).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
    message: `${software} is a registry hive, but no boot configuration store`,
  });
  await expect(readBootStore(await kept(Buffer.from('no hive')), exec)).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
  });
});

describe.skipIf(!existsSync(HIVES))('beside stores Windows made (skipped without their files)', () => {
  test("the recovery environment's ramdisk element is ours to the byte", async () => {
    const hive = join(HIVES, 'Krutonium__Windows2Go__BCD');
    const id = '{9368c585-5e62-11f0-8846-9105cf4d5765}';
    const keys = await exportHive(hive, `Objects\\${id}`, exec);
    const parent = partitionDevice({
      style: 'gpt',
      partition: '37d07619-d161-4cd7-a37a-df33df1e3d7f',
      disk: '60664987-ce0e-411b-9db7-86248b86bbb2',
    });
    const ours = ramdiskDevice(parent, '\\Recovery\\WindowsRE\\Winre.wim', '9368c586-5e62-11f0-8846-9105cf4d5765');
    const theirs = registryValue(keys, `Objects\\${id}\\Elements\\11000001`, 'Element');
    expect(theirs).toEqual({ type: 'BINARY', data: ours });
    const store = await readBootStore(hive, exec);
    expect(store.entries.find((entry) => entry.id === id)).toMatchObject({
      description: 'Windows Recovery Environment',
      winPe: true,
      device: { type: 'ramdisk', parent: { type: 'partition' }, path: '\\Recovery\\WindowsRE\\Winre.wim' },
    });
    expect(store.ramdisks).toContainEqual({
      id: '{9368c586-5e62-11f0-8846-9105cf4d5765}',
      sdiDevice: { type: 'partition' },
      sdiPath: '\\Recovery\\WindowsRE\\boot.sdi',
    });
  });

  test('an empty store has the description and the format version ours has', async () => {
    const hive = join(HIVES, 'BCD-NEW');
    const ours = await kept(mediumBootStore({ firmware: 'uefi', timestamp }));
    expect(await exportHive(hive, 'Description', exec)).toEqual(await exportHive(ours, 'Description', exec));
    const version = async (path: string) => (await readFile(path)).subarray(0x14, 0x24).toString('hex');
    expect(await version(hive)).toBe(await version(ours));
    expect(await readBootStore(hive, exec)).toEqual({ entries: [], ramdisks: [] });
  });

  test('settings, well-known objects and the boot device are as in a real store', async () => {
    const theirs = await exportHive(join(HIVES, 'mhkarimi1383__windeploy-linux__BCD'), '', exec);
    const ours = await exportHive(await kept(mediumBootStore({ firmware: 'bios', timestamp })), '', exec);
    const settings = [...ours.keys()].filter((key) => !/9dea862c|7619dcc/.test(key) && key.startsWith('Objects\\'));
    expect(settings.length).toBeGreaterThan(20);
    for (const key of settings) expect([key, theirs.get(key)]).toEqual([key, ours.get(key)]);
    const real = '{1b67bffd-e290-11eb-8ffa-f459a0d9b879}';
    expect(ours.get(`Objects\\${OPTIONS}\\Elements\\31000003`)).toEqual(
      theirs.get(`Objects\\${real}\\Elements\\11000001`),
    );
  });
});
