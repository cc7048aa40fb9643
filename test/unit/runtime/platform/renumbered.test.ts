import { expect, it } from 'vitest';
import type { TargetDisk, TargetVolume } from '../../../../runtime/platform/platform.ts';
import { renumbered } from '../../../../runtime/platform/renumbered.ts';

const volume = (number: number, startBytes: number): TargetVolume => ({
  ...{ name: `V${number}`, role: 'primary', device: '', number, startBytes, bytes: 1, fileSystem: 'ntfs' },
});
const TARGET: TargetDisk = { device: 'd', style: 'mbr', identity: 'a', volumes: [volume(1, 10), volume(5, 20)] };

it('a volume has the number of its place', () => {
  const places = [
    { number: 1, startBytes: 10 },
    { number: 2, startBytes: 20 },
  ];
  const now = renumbered({ ...TARGET, replacing: 5 }, places);
  expect(now.volumes.map(({ number }) => number)).toEqual([1, 2]);
  expect(now.replacing).toBe(2);
});

it('where the table does not say, numbers stay', () => {
  expect(renumbered({ ...TARGET, replacing: 5 }, [])).toEqual({ ...TARGET, replacing: 5 });
});

it('another volume is never replaced in the place of one that is gone', () => {
  const places = [
    { number: 1, startBytes: 10 },
    { number: 5, startBytes: 30 },
  ];
  expect(() => renumbered({ ...TARGET, replacing: 5 }, places)).toThrow(
    expect.objectContaining({ code: 'VOLUME_NOT_FOUND', message: expect.stringContaining('(V5) is gone') }),
  );
  expect(renumbered(TARGET, places).volumes).toHaveLength(2);
});
