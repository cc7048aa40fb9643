import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../../runtime/contract/machine.ts';
import { theOneDisk } from '../../../../runtime/steps/choose-disk.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { stepContext } from './step-context.ts';

const OTHER = aDisk({ device: '/dev/sdb', serial: 'S2' });
const OWN = aDisk({ device: '/dev/sda', holdsMedium: true, prestagedBytes: 1, empty: true });

async function chosen(disks: Disk[], rules: Parameters<typeof theOneDisk>[0] = {}): Promise<string> {
  const { context } = await stepContext({ machine: aMachine({ disks }) });
  return (await theOneDisk(rules, '?', context)).device;
}

describe('a machine whose medium was laid onto its disk', () => {
  it('has that disk deployed, and no other', async () => {
    expect(await chosen([OWN])).toBe('/dev/sda');
    expect(await chosen([OTHER, OWN])).toBe('/dev/sda');
    expect(await chosen([OTHER, OWN], { empty: true })).toBe('/dev/sda');
  });

  it('has nobody guess where there is more on that disk, and another one qualifies', async () => {
    const used = { ...OWN, empty: false };
    expect(await chosen([used])).toBe('/dev/sda');
    await expect(chosen([used, OTHER])).rejects.toThrow('2 disks satisfy the rules');
  });

  it('has the rules followed all the same', async () => {
    expect(await chosen([OWN, OTHER], { serial: 'S2' })).toBe('/dev/sdb');
    const { prestagedBytes: _, ...stick } = OWN;
    expect(await chosen([stick, OTHER])).toBe('/dev/sdb');
    await expect(chosen([{ ...OWN, empty: false }], { empty: true })).rejects.toMatchObject({
      code: 'DISK_NOT_CHOSEN',
    });
    await expect(chosen([{ ...OWN, removable: true }])).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
  });
});
