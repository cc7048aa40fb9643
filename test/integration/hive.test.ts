import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type WindowsDisk, windowsBootStore } from '../../runtime/hive/bcd.ts';
import { partitionDevice } from '../../runtime/hive/bcd-device.ts';
import { type HiveKey, hiveFromPaths, hiveKey } from '../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../runtime/hive/regf.ts';
import { exec } from '../../runtime/host/exec.ts';

const timestamp = new Date('2026-03-04T05:06:07Z');
const LOADER = '5d7f9f3a-6a5b-4c0e-9f5e-0f6f1a2b3c4d';
const RESUME = '5d7f9f3b-6a5b-4c0e-9f5e-0f6f1a2b3c4d';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-hive-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What hivex reads, as one line per key and value. */
async function readBack(hive: Uint8Array): Promise<Map<string, string>> {
  const path = join(folder, 'hive');
  await writeFile(path, hive);
  // hivexml opens its standard output by name, which works with a file but not with a socket.
  await exec(['sh', '-c', 'hivexml "$1" > "$1.xml"', 'sh', path]);
  const document = new DOMParser().parseFromString(await readFile(`${path}.xml`, 'utf8'), 'text/xml');
  const root = document.getElementsByTagName('node')[0];
  const read = new Map<string, string>();
  if (root !== undefined) readKey(root, '', read);
  return read;
}

function readKey(node: Element, parent: string, into: Map<string, string>): void {
  const path = parent === '' ? '\\' : `${parent === '\\' ? '' : parent}\\${node.getAttribute('name')}`;
  into.set(path, '');
  for (const child of Array.from(node.childNodes) as Element[]) {
    if (child.nodeName === 'node') readKey(child, path, into);
    if (child.nodeName !== 'value') continue;
    const strings = Array.from(child.getElementsByTagName('string')).map((text) => text.textContent);
    const text =
      strings.length > 0 ? strings.join('|') : shortened((child.getAttribute('value') ?? '').replace(/\s+/g, ''));
    const shown = child.getAttribute('type') === 'string' ? (child.getAttribute('value') ?? '') : text;
    into.set(`${path} @${child.getAttribute('key') ?? ''}`, `${child.getAttribute('type')} ${shown}`);
  }
}

/** The same lines from what was to be written. */
function expected(key: HiveKey, parent = '', into = new Map<string, string>()): Map<string, string> {
  const path = parent === '' ? '\\' : `${parent === '\\' ? '' : parent}\\${key.name}`;
  into.set(path, '');
  for (const value of key.values) into.set(`${path} @${value.name}`, shownByHivex(value));
  for (const child of key.keys) expected(child, path, into);
  return into;
}

function shownByHivex(value: HiveKey['values'][number]): string {
  switch (value.type) {
    case 'SZ':
      return `string ${value.data}`;
    case 'EXPAND_SZ':
      return `expand ${value.data}`;
    case 'MULTI_SZ':
      return `string-list ${[...value.data, ''].join('|')}`;
    case 'BINARY':
      return `binary ${shortened(Buffer.from(value.data).toString('base64'))}`;
    case 'DWORD':
      return `int32 ${value.data | 0}`;
    case 'QWORD':
      return `int64 ${value.data}`;
  }
}

/** Long data as its length and hash, so that a failure can be read. */
function shortened(base64: string): string {
  if (base64.length < 200) return base64;
  return `${base64.length} characters, ${createHash('sha256').update(base64).digest('hex')}`;
}

const sorted = (lines: Map<string, string>) => [...lines].toSorted(([a], [b]) => (a < b ? -1 : 1));

test.each([3, 5] as const)(
  'a hive of 1.%i with 3000 keys and every kind of value reads back as written',
  async (minorVersion) => {
    const tree = hiveKey(
      'ROOT',
      {
        '': { type: 'SZ', data: 'the default value' },
        path: { type: 'EXPAND_SZ', data: '%SystemRoot%\\system32' },
        größe: { type: 'QWORD', data: 2n ** 53n + 1n },
        名前: { type: 'MULTI_SZ', data: ['ein', 'zwei', '三'] },
        'one segment': { type: 'BINARY', data: new Uint8Array(16_344).fill(1) },
        'two segments': { type: 'BINARY', data: new Uint8Array(16_345).fill(2) },
        'many segments': { type: 'BINARY', data: Uint8Array.from({ length: 300_000 }, (_, at) => at * 7) },
      },
      [
        hiveKey(
          'many',
          {},
          Array.from({ length: 2500 }, (_, at) =>
            hiveKey(`Key ${at * 7919}`, { n: { type: 'DWORD', data: at * 2 ** 20 } }),
          ),
        ),
        hiveFromPaths('deep', { 'a\\b\\c': { d: { type: 'SZ', data: 'é ß 名' } }, 'a\\b': {} }),
        hiveKey(
          '列',
          {},
          Array.from({ length: 507 }, (_, at) => hiveKey(`名${at}`)),
        ),
      ],
    );
    const read = await readBack(writeHive(tree, { timestamp, minorVersion }));
    expect(read.size).toBeGreaterThan(5500);
    expect(sorted(read)).toEqual(sorted(expected(tree)));
  },
);

test('a key far down a list of lists is found by its name in another case', async () => {
  const path = join(folder, 'lookup');
  const children = Array.from({ length: 3000 }, (_, at) => hiveKey(`key_${at}`, { n: { type: 'DWORD', data: at } }));
  await writeFile(path, writeHive(hiveKey('ROOT', {}, children), { timestamp }));
  const { stdout } = await exec(['hivexsh', path], { input: 'cd KEY_2987\nlsval n\n' });
  expect(stdout.trim()).toBe('2987');
});

test('hivex can change a hive we wrote', async () => {
  const path = join(folder, 'edited');
  await writeFile(
    path,
    writeHive(hiveFromPaths('ROOT', { Setup: { Old: { type: 'DWORD', data: 1 } } }), { timestamp }),
  );
  const input = 'cd Setup\nadd Added\ncd Added\nsetval 1\nCmdLine\nstring:first.exe\ncommit\n';
  await exec(['hivexsh', '-w', path], { input });
  const { stdout } = await exec(['hivexsh', path], { input: 'cd Setup\\Added\nlsval CmdLine\n' });
  expect(stdout.trim()).toBe('first.exe');
});

const GPT: WindowsDisk = {
  firmware: 'uefi',
  disk: { guid: 'aaaaaaaa-0000-4000-8000-000000000001' },
  bootPartition: { guid: 'aaaaaaaa-0000-4000-8000-000000000002' },
  windowsPartition: { guid: 'aaaaaaaa-0000-4000-8000-000000000003' },
};
const MBR: WindowsDisk = {
  firmware: 'bios',
  disk: { signature: 0x1234abcd },
  bootPartition: { offset: 1_048_576 },
  windowsPartition: { offset: 524_288_000 },
};

describe.each([
  [
    'UEFI',
    GPT,
    partitionDevice({ style: 'gpt', disk: GPT.disk.guid, partition: GPT.windowsPartition.guid }),
    'winload.efi',
    5,
  ],
  ['BIOS', MBR, partitionDevice({ style: 'mbr', signature: 0x1234abcd, offset: 524_288_000 }), 'winload.exe', 4],
] as const)('the %s boot store', (_firmware, disk, windowsDevice, loader, systemValues) => {
  test('reads back with hivex', async () => {
    const guids = { loader: LOADER, resume: RESUME };
    const store = windowsBootStore({ ...disk, locale: 'cs-CZ', guids, timestamp, description: 'Windows 11 Pro' });
    const read = await readBack(store);
    const element = (guid: string, id: string) => read.get(`\\Objects\\{${guid}}\\Elements\\${id} @Element`);
    const device = `binary ${Buffer.from(windowsDevice).toString('base64')}`;
    expect(element(LOADER, '11000001')).toBe(device);
    expect(element(LOADER, '21000001')).toBe(device);
    expect(element(LOADER, '12000002')).toBe(`string \\Windows\\system32\\${loader}`);
    expect(element(LOADER, '12000004')).toBe('string Windows 11 Pro');
    expect(element(LOADER, '12000005')).toBe('string cs-CZ');
    expect(element(LOADER, '23000003')).toBe(`string {${RESUME}}`);
    expect(element('9dea862c-5cdd-4e70-acc1-f32b344d4795', '24000001')).toBe(`string-list {${LOADER}}|`);
    expect(element('9dea862c-5cdd-4e70-acc1-f32b344d4795', '25000004')).toBe('binary HgAAAAAAAAA=');
    expect(read.get(`\\Objects\\{${RESUME}}\\Description @Type`)).toBe(`int32 ${0x10200004}`);
    expect([...read.keys()].filter((path) => /^\\Objects\\[^\\]*$/.test(path))).toHaveLength(11);
    expect(read.get('\\Description @KeyName')).toBe('string BCD00000000');
    expect([...read.keys()].filter((path) => path.startsWith('\\Description'))).toHaveLength(systemValues);
  });
});
