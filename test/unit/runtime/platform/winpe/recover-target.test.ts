import { expect, it } from 'vitest';
import { GPT_TYPES } from '../../../../../runtime/platform/partition-table.ts';
import type { TargetDisk } from '../../../../../runtime/platform/platform.ts';
import { layoutOfImage } from '../../../../../runtime/platform/winpe/layout-of-image.ts';
import { recoverTarget } from '../../../../../runtime/platform/winpe/state.ts';
import { MIB, prestagedWinpe } from '../../../../helpers/prestaged-winpe.ts';

const PLACES = [
  { name: 'System', role: 'system', startBytes: MIB, bytes: 260 * MIB, fileSystem: 'fat32', type: GPT_TYPES.system },
  {
    name: 'Windows',
    role: 'primary',
    startBytes: 261 * MIB,
    bytes: 9000 * MIB,
    fileSystem: 'ntfs',
    type: GPT_TYPES.primary,
  },
] as const;

it('has the numbers that Windows gives the partitions at this start', async () => {
  const { host } = await prestagedWinpe(PLACES.map((place, index) => ({ ...place, number: index + 4 })));
  const identity = layoutOfImage(host.disk(0))?.identity ?? '';
  // As they were while a prestaged medium had the first numbers.
  const volumes = PLACES.map(({ type: _, ...place }, index) => ({ ...place, number: index + 1, device: '' }));
  const before: TargetDisk = { device: 'gone', style: 'gpt', identity, volumes };
  const room = { volume: 2, startBytes: 9261 * MIB, bytes: 1300 * MIB };
  const [, windows] = volumes;
  const target = await recoverTarget(host, { ...before, ...(windows && { windows }), mediumRoom: room });
  expect(target.volumes.map(({ number, device }) => [number, device])).toEqual([
    [4, 'S:\\'],
    [5, 'W:\\'],
  ]);
  expect(target.windows).toMatchObject({ number: 5, device: 'W:\\' });
  expect(target.mediumRoom).toEqual({ ...room, volume: 5 });
  expect(host.lines).toEqual([
    expect.stringMatching(/select disk 0; select partition 4; assign letter=S; select partition 5; assign letter=W$/),
  ]);
});
