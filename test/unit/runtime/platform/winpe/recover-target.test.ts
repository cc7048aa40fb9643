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

/** A disk whose partitions had other numbers at an earlier start, as while a prestaged medium had the first ones. */
async function renumberedDisk() {
  const { host } = await prestagedWinpe(PLACES.map((place, index) => ({ ...place, number: index + 4 })));
  const identity = layoutOfImage(host.disk(0))?.identity ?? '';
  const volumes = PLACES.map(({ type: _, ...place }, index) => ({ ...place, number: index + 1, device: '' }));
  const before: TargetDisk = { device: 'gone', style: 'gpt', identity, volumes };
  return { host, before, volumes };
}

it('has the numbers that Windows gives the partitions at this start', async () => {
  const { host, before, volumes } = await renumberedDisk();
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

it('has them of a disk whose Windows is being replaced too', async () => {
  const { host, before, volumes } = await renumberedDisk();
  const [, windows] = volumes;
  const target = await recoverTarget(host, { ...before, ...(windows && { windows }), replacing: 2 });
  expect(target).toMatchObject({ replacing: 5, windows: { number: 5, startBytes: 261 * MIB } });
  expect(target.volumes.map(({ number }) => number)).toEqual([4, 5]);
});
