import { describe, expect, it } from 'vitest';
import {
  activeScript,
  cleanScript,
  diskNumber,
  partitionScript,
  removePartitionsScript,
} from '../../../../../runtime/platform/winpe/diskpart.ts';
import { chooseLetters } from '../../../../../runtime/platform/winpe/letters.ts';
import { layoutDisk } from '../../../../../runtime/steps/format-and-partition-disk/layout.ts';
import { VolumeWish } from '../../../../../runtime/steps/format-and-partition-disk/schema.ts';

const GIB = 1024 ** 3;
const GUID = '00000000-0000-4000-8000-000000000000';

function windowsLayout(style: 'gpt' | 'mbr') {
  return layoutDisk({ style, volumes: undefined }, 64 * GIB, () => GUID);
}

function script(style: 'gpt' | 'mbr'): string {
  const table = windowsLayout(style);
  return partitionScript(1, table, chooseLetters(table.partitions, ['C', 'D', 'X'])).replaceAll('\r\n', '\n');
}

describe('cleanScript', () => {
  it.each([
    ['gpt', GUID],
    ['mbr', '0badcafe'],
  ] as const)('of a disk that becomes %s', (style, identity) => {
    expect(cleanScript(2, { style, identity }).split('\r\n')).toEqual([
      'select disk 2',
      'clean',
      `convert ${style}`,
      `uniqueid disk id=${identity} noerr`,
      '',
    ]);
  });
});

describe('partitionScript', () => {
  it('lays out a GPT disk', () => {
    expect(script('gpt')).toMatchInlineSnapshot(`
      "select disk 1
      create partition efi size=260 offset=1024
      format quick fs=fat32 label="SYSTEM"
      assign letter=S
      create partition msr size=16 offset=267264
      create partition primary size=64268 offset=283648
      format quick fs=ntfs label="Windows"
      assign letter=W
      create partition primary size=990 offset=66094080
      format quick fs=ntfs label="Recovery"
      assign letter=R
      set id=de94bba4-06d1-4d40-a16a-bfd50179d6ac
      gpt attributes=0x8000000000000001
      "
    `);
  });

  it('lays out an MBR disk on which nothing is active yet', () => {
    expect(script('mbr')).toMatchInlineSnapshot(`
      "select disk 1
      create partition primary size=100 offset=1024
      format quick fs=ntfs label="System"
      assign letter=S
      create partition primary size=64444 offset=103424
      format quick fs=ntfs label="Windows"
      assign letter=W
      create partition primary size=990 offset=66094080
      format quick fs=ntfs label="Recovery"
      assign letter=R
      set id=27
      "
    `);
  });

  it.each([
    ['gpt', 'gpt attributes=0x8000000000000000'],
    ['mbr', undefined],
  ] as const)('formats in full and leaves letters out where that is asked: %s', (style, attributes) => {
    const volumes = [
      { type: 'primary', size: '100 MB', bootable: true, quickFormat: false },
      { type: 'primary', name: 'Tools', size: '100 MB', assignVolumeLetter: false, quickFormat: false },
      { type: 'primary', name: 'Windows', size: 'rest' },
    ].map((volume) => VolumeWish.parse(volume));
    const table = layoutDisk({ style, volumes }, GIB, () => GUID);
    const letters = chooseLetters(table.partitions, ['C', 'X']);
    const [first, last] = [style === 'gpt' ? 'W' : 'S', style === 'gpt' ? 'Z' : 'W'];
    expect(letters).toEqual([first, undefined, last]);
    const commands = partitionScript(1, table, letters).split('\r\n');
    expect(commands.filter((command) => !/^(select|create)/.test(command))).toEqual([
      expect.stringMatching(/^format fs=ntfs /),
      `assign letter=${first}`,
      'format fs=ntfs label="Tools"',
      ...(attributes === undefined ? [] : [attributes]),
      'format quick fs=ntfs label="Windows"',
      `assign letter=${last}`,
      '',
    ]);
  });

  it('lays out logical volumes and hidden ones, which get no letter', () => {
    const volumes = [
      { type: 'primary', size: '100 MB', bootable: true },
      { type: 'extended', size: '500 MB' },
      { type: 'logical', name: 'Data', size: '100 MB' },
      { type: 'logical', name: 'More', size: 'rest', fileSystem: 'fat32' },
      { type: 'hidden', name: 'Tools', size: '20 MB' },
      { type: 'hidden', name: 'Vendor', size: '20 MB', fileSystem: 'fat32' },
    ].map((volume) => VolumeWish.parse(volume));
    const table = layoutDisk({ style: 'mbr', volumes }, GIB, () => GUID);
    const letters = chooseLetters(table.partitions, ['C', 'X']);
    expect(letters).toEqual(['S', 'W', 'Z', undefined, undefined]);
    expect(partitionScript(1, table, letters).replaceAll('\r\n', '\n')).toMatchInlineSnapshot(`
      "select disk 1
      create partition primary size=100 offset=1024
      format quick fs=ntfs label="System"
      assign letter=S
      create partition extended size=500 offset=103424
      create partition logical size=100
      format quick fs=ntfs label="Data"
      assign letter=W
      create partition logical
      format quick fs=fat32 label="MORE"
      assign letter=Z
      create partition primary size=20 offset=615424
      format quick fs=ntfs label="Tools"
      set id=17
      create partition primary size=20 offset=635904
      format quick fs=fat32 label="VENDOR"
      set id=1c
      "
    `);
  });

  it('gives the last logical volume its size where it does not end with the extended one', () => {
    const volumes = [
      { type: 'extended', size: '500 MB' },
      { type: 'logical', size: '100 MB', fileSystem: 'none' },
    ].map((volume) => VolumeWish.parse(volume));
    const table = layoutDisk({ style: 'mbr', volumes }, GIB, () => GUID);
    expect(partitionScript(1, table, [undefined]).split('\r\n')).toEqual([
      'select disk 1',
      'create partition extended size=500 offset=1024',
      'create partition logical size=100',
      '',
    ]);
  });

  it('has labels that any code page has', () => {
    const volumes = [
      { type: 'efi', name: 'Größe ist sehr lang', size: '100 MB' },
      { type: 'primary', name: 'Größe', size: 'rest' },
    ].map((volume) => VolumeWish.parse(volume));
    const table = layoutDisk({ style: 'gpt', volumes }, GIB, () => GUID);
    const labels = partitionScript(0, table, ['S', 'W']).match(/label=".*"/g);
    expect(labels).toEqual(['label="GR__E_IST_S"', 'label="Gr__e"']);
  });
});

it('removePartitionsScript', () => {
  expect(removePartitionsScript(0, [1, 2]).split('\r\n')).toEqual([
    'select disk 0',
    'select partition 1',
    'delete partition override',
    'select partition 2',
    'delete partition override',
    '',
  ]);
});

it('activeScript', () => {
  expect(activeScript(3, 1)).toBe('select disk 3\r\nselect partition 1\r\nactive\r\n');
});

it.each([
  ['\\\\.\\PhysicalDrive0', 0],
  ['\\\\.\\PHYSICALDRIVE12', 12],
])('the number of %s', (device, number) => {
  expect(diskNumber({ device })).toBe(number);
});

it('no disk has no number', () => {
  expect(() => diskNumber({ device: 'D:' })).toThrow('not a disk');
});

describe('chooseLetters', () => {
  const { partitions } = windowsLayout('gpt');

  it('takes the letters of the samples, none for what has no file system', () => {
    expect(chooseLetters(partitions, ['C', 'X'])).toEqual(['S', undefined, 'W', 'R']);
  });

  it('takes the last free ones for others', () => {
    expect(chooseLetters(partitions, ['s', 'W', 'X', 'Z', 'Y'])).toEqual(['V', undefined, 'U', 'R']);
  });

  it('never takes one twice, nor A, B, C or X', () => {
    const many = Array.from({ length: 22 }, () => ({ role: 'primary', fileSystem: 'ntfs' }) as const);
    const letters = chooseLetters(many, []);
    expect(new Set(letters).size).toBe(22);
    for (const letter of ['A', 'B', 'C', 'X']) expect(letters).not.toContain(letter);
    expect(() => chooseLetters([...many, ...many.slice(0, 1)], [])).toThrow(
      expect.objectContaining({ code: 'VOLUME_NOT_FOUND' }),
    );
  });
});
