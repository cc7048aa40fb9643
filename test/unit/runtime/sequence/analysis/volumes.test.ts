import { expect, it } from 'vitest';
import { loadSequence } from '../../../../../runtime/sequence/load.ts';

const LINES = [
  'formatVersion: 2',
  'id: x',
  'name: n',
  'steps:',
  '  - step: format-and-partition-disk',
  '    name: Lay out',
  '    style: mbr',
  '    volumes:',
];

function findings(style: string, ...volumes: string[]): string[] {
  const lines = [...LINES, ...volumes.map((volume) => `      - ${volume}`)].map((line) => line.replace('mbr', style));
  const { problems } = loadSequence(`${lines.join('\n')}\n`, 'f.yaml');
  return problems.map(
    ({ file, line, column, severity, message }) => `${file}:${line}:${column} ${severity} ${message}`,
  );
}

const PRIMARY = '{ type: primary, size: 50 GB, bootable: true }';
const EXTENDED = '{ type: extended, size: rest }';
const LOGICAL = '{ type: logical, size: 10 GB }';

it('says nothing of a layout that can be made', () => {
  expect(findings('mbr', PRIMARY, EXTENDED, LOGICAL, LOGICAL)).toEqual([]);
});

it('names the volume that is wrong, where it stands', () => {
  expect(findings('mbr', PRIMARY, LOGICAL)).toEqual([
    'f.yaml:10:9 error "Lay out": a logical volume follows the extended one that it lies in, or another logical one',
  ]);
  expect(findings('gpt', PRIMARY, EXTENDED)).toEqual([
    'f.yaml:10:9 error "Lay out": a volume of type extended exists on MBR disks only, and this disk becomes GPT',
  ]);
});

it('names the list where it is no volume alone', () => {
  expect(findings('mbr', PRIMARY, PRIMARY, PRIMARY, PRIMARY, EXTENDED)).toEqual([
    expect.stringMatching(/^f\.yaml:8:\d+ error "Lay out": an MBR disk has at most 4 primary partitions/),
  ]);
});
