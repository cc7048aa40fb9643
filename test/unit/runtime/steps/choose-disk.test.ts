import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../../runtime/contract/machine.ts';
import { refuseOtherNumber, theOneDisk } from '../../../../runtime/steps/choose-disk.ts';
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

describe('a number of ConfigMgr’s', () => {
  const first = aDisk({ device: '\\\\.\\PhysicalDrive0' });
  const second = aDisk({ device: '\\\\.\\PhysicalDrive1', serial: 'S2' });
  const linux = aDisk({ device: '/dev/sda' });
  const stick = aDisk({ device: '/dev/sdc', removable: true });

  const agrees = async (disk: Disk, disks: Disk[], number: string | undefined): Promise<boolean> => {
    const { context } = await stepContext({ machine: aMachine({ disks }) });
    if (number !== undefined) context.variables.set('OSDDiskIndex', number);
    try {
      refuseOtherNumber(disk, 'OSDDiskIndex', context);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'DISK_NOT_CHOSEN', hint: expect.stringContaining('Nothing was changed') });
      return false;
    }
  };

  it.each<[boolean, string | undefined]>([
    [true, '1'],
    [true, ' 1 '],
    [true, undefined],
    [false, '0'],
    [false, '10'],
    [false, 'first'],
    [false, '-1'],
  ])('must be that of the disk which the rules choose: %s for %s', async (expected, number) => {
    expect(await agrees(second, [first, second], number)).toBe(expected);
  });

  it('is known on Linux only where there is one disk', async () => {
    expect(await agrees(linux, [linux], '0')).toBe(true);
    expect(await agrees(linux, [linux, stick], '0')).toBe(true);
    expect(await agrees(OWN, [OWN], '0')).toBe(true);
    expect(await agrees(linux, [linux, OTHER], '0')).toBe(false);
    expect(await agrees(linux, [linux], '1')).toBe(false);
  });
});
