import { describe, expect, it } from 'vitest';
import { chooseDisks, DiskRules, describeChoice, describeDisk } from '../../../../runtime/contract/disk-rules.ts';
import type { Disk } from '../../../../runtime/contract/machine.ts';
import { aDisk } from '../../../helpers/machine.ts';

const GIB = 1024 ** 3;

function reasons(disk: Partial<Disk>, rules: DiskRules = {}): string[] {
  return chooseDisks([aDisk(disk)], rules).refused.flatMap((refused) => refused.reasons);
}

describe('without rules', () => {
  it('takes the internal disk, whatever is on it', () => {
    expect(reasons({ empty: false })).toEqual([]);
    expect(reasons({ bus: 'other', serial: '', model: '' })).toEqual([]);
  });

  it('names every disk that qualifies and picks none of them', () => {
    const disks = [aDisk({ device: '/dev/sda' }), aDisk({ device: '/dev/sdb' })];
    expect(chooseDisks(disks, {}).candidates).toEqual(disks);
  });

  it.each<[Partial<Disk>, string]>([
    [{ holdsMedium: true }, 'the medium we run from is on it'],
    [{ removable: true }, 'it is removable'],
    [{ readOnly: true }, 'it is read-only'],
    [{ bytes: 0 }, 'it has no size'],
    [{ bus: 'usb' }, 'it is attached by USB and the rules do not name usb'],
  ])('refuses %o', (disk, reason) => {
    expect(reasons(disk)).toEqual([reason]);
  });
});

describe('no rule opens', () => {
  const everything: DiskRules = { bus: ['usb', 'nvme'], serial: 'S1', model: 'ssd', minimumSize: '0 B', empty: true };

  it.each<Partial<Disk>>([
    { holdsMedium: true, bus: 'usb' },
    { removable: true, bus: 'usb' },
    { readOnly: true },
    { bytes: 0 },
  ])('%o', (disk) => {
    expect(chooseDisks([aDisk(disk)], everything).candidates).toEqual([]);
  });
});

describe('rules', () => {
  it('take a USB disk only where usb is named', () => {
    expect(reasons({ bus: 'usb' }, { serial: 'S1' })).not.toEqual([]);
    expect(reasons({ bus: 'usb' }, { bus: ['nvme', 'usb'] })).toEqual([]);
    expect(reasons({ bus: 'usb' }, { bus: ['nvme'] })).toHaveLength(2);
  });

  it('compare sizes including the limits', () => {
    expect(reasons({ bytes: 64 * GIB }, { minimumSize: '64 GB', maximumSize: '64 GB' })).toEqual([]);
    expect(reasons({ bytes: 64 * GIB - 1 }, { minimumSize: '64 GB' })).toEqual(['it is smaller than 64 GB']);
    expect(reasons({ bytes: 64 * GIB + 1 }, { maximumSize: '64 GB' })).toEqual(['it is larger than 64 GB']);
  });

  it('take a serial number to the letter and a model in either case', () => {
    expect(reasons({ serial: 'aB1' }, { serial: 'aB1' })).toEqual([]);
    expect(reasons({ serial: 'aB1' }, { serial: 'AB1' })).toEqual(['its serial number is not AB1']);
    expect(reasons({ serial: 'S12' }, { serial: 'S1' })).toEqual(['its serial number is not S1']);
    expect(reasons({ serial: '' }, { serial: 'S1' })).toEqual(['its serial number is not S1']);
    expect(reasons({ model: 'Samsung SSD 990' }, { model: 'ssd 99' })).toEqual([]);
  });

  it('ask for an empty disk only when they say so', () => {
    expect(reasons({ empty: false }, { empty: true })).toEqual(['it is not empty']);
    expect(reasons({ empty: false }, { empty: false })).toEqual([]);
    expect(reasons({ empty: true, unfinished: true }, { empty: true })).toEqual([]);
  });

  it('give every reason at once', () => {
    const rules: DiskRules = { bus: ['ata'], serial: 'X', empty: true };
    expect(reasons({ removable: true, empty: false }, rules)).toHaveLength(4);
  });

  it('takes limits that meet, and no others', () => {
    expect(DiskRules.safeParse({ minimumSize: '5 GB', maximumSize: '5120 MB' }).success).toBe(true);
    expect(DiskRules.safeParse({ minimumSize: '100 GB', maximumSize: '5 GB' }).error?.issues).toMatchObject([
      { path: ['minimumSize'], message: 'no disk has at least 100 GB and at most 5 GB' },
    ]);
  });

  it.each([{ bus: [] }, { bus: ['sata'] }, { serial: '' }, { number: 0 }, { minimumSize: 64 }])(
    'cannot be written as %o',
    (rules) => {
      expect(DiskRules.safeParse(rules).success).toBe(false);
    },
  );
});

describe('descriptions', () => {
  it('tell disks apart', () => {
    expect(describeDisk(aDisk())).toBe('/dev/nvme0n1: 64.0 GB, nvme, Stand-in SSD, serial S1');
    expect(describeDisk(aDisk({ model: '', serial: '' }))).toBe('/dev/nvme0n1: 64.0 GB, nvme, no model or serial');
  });

  it('list what qualifies first', () => {
    const choice = chooseDisks([aDisk({ removable: true }), aDisk({ device: '/dev/sdb' })], {});
    expect(describeChoice(choice)).toEqual([
      '/dev/sdb: 64.0 GB, nvme, Stand-in SSD, serial S1: qualifies',
      '/dev/nvme0n1: 64.0 GB, nvme, Stand-in SSD, serial S1: refused, it is removable',
    ]);
  });
});
