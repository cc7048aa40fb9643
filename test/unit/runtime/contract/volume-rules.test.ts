import { describe, expect, it } from 'vitest';
import { needMbr, type VolumeType, volumeProblems } from '../../../../runtime/contract/volume-rules.ts';

type Wish = { type: VolumeType; size?: string } & Record<string, unknown>;

const P: Wish = { type: 'primary', bootable: true };
const E: Wish = { type: 'extended' };
const L: Wish = { type: 'logical' };
const H: Wish = { type: 'hidden' };

function problems(style: 'gpt' | 'mbr' | 'firmware', ...wishes: Wish[]): string[] {
  const volumes = wishes.map((wish) => ({ size: '1 MB', ...wish }));
  return volumeProblems(style, volumes).map(({ volume, message }) => `${volume ?? '-'} ${message}`);
}

it.each<[style: 'gpt' | 'mbr' | 'firmware', ...volumes: Wish[]]>([
  ['mbr', P, E, L],
  ['mbr', P, E],
  ['mbr', E, L, L, P],
  ['mbr', P, P, P, E, L, L, L, L, L, L],
  ['mbr', P, { ...E, fileSystem: 'none' }, { ...L, name: 'a', variable: 'b', fileSystem: 'fat32' }],
  ['mbr', { ...E, size: 'rest' }, { ...L, size: 'rest' }],
  ['mbr', P, H, H, H],
  ['firmware', P, E, L, H],
  ['firmware', ...Array.from({ length: 5 }, () => P)],
  ['gpt', ...Array.from({ length: 5 }, () => P)],
  ['gpt', ...Array.from({ length: 128 }, () => P)],
  ['mbr', E, ...Array.from({ length: 56 }, () => L)],
  [
    'mbr',
    P,
    { type: 'primary', assignVolumeLetter: false },
    E,
    { ...L, assignVolumeLetter: false, quickFormat: false },
  ],
  ['gpt', { type: 'efi', quickFormat: false, assignVolumeLetter: true }, { ...P, assignVolumeLetter: false }],
])('nothing is wrong with %s %j', (...[style, ...volumes]) => {
  expect(problems(style, ...volumes)).toEqual([]);
});

describe('what no disk can have', () => {
  it.each<[expected: string, style: 'gpt' | 'mbr' | 'firmware', ...volumes: Wish[]]>([
    ['1 a volume of type extended exists on MBR disks only, and this disk becomes GPT', 'gpt', P, E, L],
    ['0 a volume of type hidden exists on MBR disks only, and this disk becomes GPT', 'gpt', H],
    ['1 a volume of type msr exists on GPT disks only, and this disk becomes MBR', 'mbr', P, { type: 'msr' }],
    [
      '1 a volume of type hidden exists on MBR disks only, one of type efi on GPT disks only',
      'firmware',
      { type: 'efi' },
      H,
    ],
    [
      '- an MBR disk has at most 4 primary partitions, an extended one counted among them, and 5 are asked',
      'mbr',
      P,
      P,
      E,
      L,
      P,
      P,
    ],
    [
      '- an MBR disk has at most 4 primary partitions, an extended one counted among them, and 5 are asked',
      'firmware',
      P,
      P,
      P,
      P,
      H,
    ],
    ['- a GPT disk has at most 128 partitions, and 129 are asked', 'gpt', ...Array.from({ length: 129 }, () => P)],
    [
      '- an extended partition takes at most 56 logical ones here, and 57 are asked',
      'firmware',
      E,
      ...Array.from({ length: 57 }, () => L),
    ],
    ['0 a volume of 0 B is none: give it a size, such as 260 MB, or rest', 'gpt', { ...P, size: '0 B' }],
    ['1 a volume of 0.0 MB is none: give it a size, such as 260 MB, or rest', 'mbr', P, { ...P, size: '0.0 MB' }],
    ['2 an MBR disk has at most one extended partition', 'mbr', E, L, E, L],
    ['1 a logical volume follows the extended one that it lies in, or another logical one', 'mbr', P, L],
    ['3 a logical volume follows the extended one that it lies in, or another logical one', 'mbr', E, L, P, L],
    ['0 a logical volume follows the extended one that it lies in, or another logical one', 'mbr', L],
    ['1 a BIOS starts no logical volume: it cannot be bootable', 'mbr', E, { ...L, bootable: true }],
    [
      '0 boot files are written under a drive letter, which Windows gives no hidden volume: it cannot be bootable',
      'mbr',
      { ...H, bootable: true },
    ],
    [
      '0 an extended volume has no name, variable, fileSystem, bootable: it holds logical ones, and no more',
      'mbr',
      { ...E, name: 'a', variable: 'b', fileSystem: 'ntfs', bootable: true },
    ],
    [
      '1 an extended volume has no quickFormat, assignVolumeLetter: it holds logical ones, and no more',
      'mbr',
      P,
      { ...E, quickFormat: true, assignVolumeLetter: false },
    ],
    [
      '1 boot files are written under a drive letter: the volume that they lie on cannot go without (assignVolumeLetter)',
      'gpt',
      P,
      { type: 'efi', assignVolumeLetter: false },
    ],
    [
      '0 boot files are written under a drive letter: the volume that they lie on cannot go without (assignVolumeLetter)',
      'firmware',
      { ...P, assignVolumeLetter: false },
    ],
    [
      '0 whether a volume of type recovery has a drive letter goes by its type: it has no assignVolumeLetter',
      'gpt',
      { type: 'recovery', assignVolumeLetter: false },
    ],
    ['1 more than one volume is to take the rest of the disk', 'mbr', { ...P, size: 'rest' }, { ...E, size: 'rest' }],
    [
      '3 more than one volume is to take the rest of the extended one',
      'mbr',
      { ...E, size: 'rest' },
      { ...L, size: 'rest' },
      L,
      { ...L, size: 'rest' },
    ],
  ])('%s', (expected, ...[style, ...volumes]) => {
    expect(problems(style, ...volumes)).toEqual([expected]);
  });
});

it('types tell that a disk must become MBR', () => {
  expect([[P, { type: 'efi' }], [P, E], [L], [H]].map((volumes) => needMbr(volumes))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
