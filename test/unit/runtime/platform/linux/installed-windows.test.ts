import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Exec } from '../../../../../runtime/host/exec.ts';
import { freeSpace, installedWindows, parseTable } from '../../../../../runtime/platform/linux/installed-windows.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const GPT = {
  label: 'gpt',
  id: 'AAAAAAAA-0000-4000-8000-000000000000',
  sectorsize: 512,
  partitions: [
    { node: 'DEV1', start: 2048, size: 2048, type: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', uuid: 'U1', name: 'EFI' },
    { node: 'DEV2', start: 4096, size: 4096, type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7', uuid: 'U2', name: '' },
    { node: 'DEV3', start: 8192, size: 2048, type: 'DE94BBA4-06D1-4D40-A16A-BFD50179D6AC', uuid: 'U3' },
  ],
};
const json = (table: object, device: string): string =>
  JSON.stringify({ partitiontable: table }).replaceAll('DEV', device);

describe('a table', () => {
  it('of GPT is told by its types', () => {
    const table = parseTable(json(GPT, '/dev/sda'), '/dev/sda');
    expect(table).toMatchObject({ device: '/dev/sda', style: 'gpt', identity: GPT.id });
    expect(
      table?.volumes.map(({ number, role, name, guid, startBytes }) => [number, role, name, guid, startBytes]),
    ).toEqual([
      [1, 'system', 'EFI', 'U1', 1024 ** 2],
      [2, 'primary', 'Volume2', 'U2', 2 * 1024 ** 2],
      [3, 'recovery', 'Volume3', 'U3', 4 * 1024 ** 2],
    ]);
  });

  it('of MBR is told by its flags and types', () => {
    const partitions = [
      { node: '/dev/sda1', start: 2048, size: 2048, type: '7', bootable: true },
      { node: '/dev/sda2', start: 4096, size: 2048, type: '7' },
      { node: '/dev/sda3', start: 8192, size: 2048, type: '27' },
    ];
    const table = parseTable(json({ label: 'dos', id: '0xABCD1234', partitions }, ''), '/dev/sda');
    expect(table).toMatchObject({ style: 'mbr', identity: 'abcd1234' });
    expect(table?.volumes.map(({ role }) => role)).toEqual(['system', 'primary', 'recovery']);
  });

  it('of MBR has logical volumes and hidden ones, and not the extended partition', () => {
    const partitions = [
      { node: '/dev/sda1', start: 2048, size: 2048, type: '7', bootable: true },
      { node: '/dev/sda2', start: 4096, size: 20480, type: 'f' },
      { node: '/dev/sda3', start: 24576, size: 2048, type: '17' },
      { node: '/dev/sda4', start: 26624, size: 2048, type: '1c' },
      { node: '/dev/sda5', start: 6144, size: 2048, type: '7' },
    ];
    const volumes = ['f', '5', '85'].map((extended) => {
      const rows = partitions.map((row) => (row.type === 'f' ? { ...row, type: extended } : row));
      const table = parseTable(json({ label: 'dos', id: '0xABCD1234', partitions: rows }, ''), '/dev/sda');
      return table?.volumes.map(({ role, number }) => `${number} ${role}`);
    });
    const expected = ['1 system', '3 hidden', '4 hidden', '5 primary'];
    expect(volumes).toEqual([expected, expected, expected]);
  });

  it.each(['{}', JSON.stringify({ partitiontable: { label: 'sun', id: '1' } })])(
    'of another kind is none: %s',
    (text) => {
      expect(parseTable(text, '/dev/sda')).toBeUndefined();
    },
  );
});

/** A machine with one disk; mounting its second volume shows `files`. */
async function machine(files: Record<string, string>) {
  const folder = await temporaryFolder();
  const roots = { sys: join(folder, 'sys'), proc: join(folder, 'proc'), dev: join(folder, 'dev') };
  const device = join(roots.dev, 'sda');
  await writeFiles(folder, {
    'sys/block/sda/size': String(64 * 2048),
    'sys/block/sda/queue/logical_block_size': '512',
  });
  await writeFiles(folder, { 'dev/sda': '', 'dev/sda1': `${'\0'.repeat(82)}FAT32   `, 'dev/sda2': '\0\0\0NTFS    ' });
  await writeFile(join(roots.dev, 'sda3'), '\0\0\0-FVE-FS-');
  await truncate(device, 64 * 1024 ** 2);
  const exec: Exec = async ([program, ...args]) => {
    if (program === 'sfdisk') return { exitCode: 0, stdout: json(GPT, device), stderr: '' };
    const folder = args.at(-1) ?? '';
    if (program === 'umount') {
      await rm(folder, { recursive: true });
      await mkdir(folder);
    } else if (args.at(-2) === `${device}2`) await writeFiles(folder, files);
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  return { roots, exec };
}

describe('installedWindows', () => {
  it('finds the volume that has one', async () => {
    const empty = await machine({});
    expect(await installedWindows(empty.exec, empty.roots)).toEqual([]);
    const { exec, roots } = await machine({ 'windows/system32/CONFIG/system': '' });
    expect(await installedWindows(exec, roots)).toMatchObject([
      {
        style: 'gpt',
        windows: { number: 2, fileSystem: 'ntfs', role: 'primary' },
        volumes: [{ fileSystem: 'fat32' }, {}, { fileSystem: 'none' }],
      },
    ]);
  });
});

describe('freeSpace', () => {
  it('counts what is in no partition', async () => {
    const { roots, exec } = await machine({});
    expect(await freeSpace(exec, roots)).toBeGreaterThanOrEqual(60 * 1024 ** 2);
  });
});
