import { describe, expect, it } from 'vitest';
import { lsblkArgv, parseBlockDevices } from '../../../../builder/tools/lsblk.ts';
import { entry, listing, part, stick } from './listings.ts';

it('asks for every device below the ones it lies on, in bytes', () => {
  const [program, ...args] = lsblkArgv();
  expect([program, ...args.slice(0, 3)]).toEqual(['lsblk', '--json', '--bytes', '--output']);
  // NAME alone makes the listing a tree, in which a device stands below each that it lies on.
  expect(args[3]?.split(',')).toEqual(
    expect.arrayContaining(['NAME', 'PKNAME', 'LOG-SEC', 'MOUNTPOINTS', 'SUBSYSTEMS']),
  );
});

describe('what lsblk prints', () => {
  it('is read whatever a version quotes', () => {
    const old = stick('sdb', { size: '15518924800', rm: '1', hotplug: '1', ro: '0' });
    const numbers = stick('sdb', { rm: 1, hotplug: 1, ro: 0 });
    const expected = parseBlockDevices(listing(stick('sdb')));
    expect(expected[0]).toMatchObject({ bytes: 15_518_924_800, removable: true, hotPlug: true, readOnly: false });
    expect(parseBlockDevices(listing(old))).toEqual(expected);
    expect(parseBlockDevices(listing(numbers))).toEqual(expected);
  });

  it('is without padding, and without what would move a cursor', () => {
    const [device] = parseBlockDevices(
      listing(stick('sdb', { serial: '  AA\u0000\u001b[2J01  ', model: 'Ultra\t\u202eFit   ', label: 'A\nB' })),
    );
    expect(device).toMatchObject({ serial: 'AA [2J01', model: 'Ultra Fit', label: 'A B' });
  });

  it('has children, and null for what is not known', () => {
    const [device] = parseBlockDevices(listing(entry('sda', { children: [part('sda1', { mountpoints: [null] })] })));
    expect(device).toMatchObject({ serial: '', transport: '', mountPoints: [], subsystems: ['block'] });
    expect(device?.children[0]).toMatchObject({ path: '/dev/sda1', parent: 'sda', type: 'part' });
  });

  it.each([
    '',
    'lsblk: unknown column',
    '{}',
    '{"blockdevices":[{"name":"sda"}]}',
    listing(stick('sdb', { rm: 'maybe' })),
  ])('is refused when it is something else: %s', (text) => {
    expect(() => parseBlockDevices(text)).toThrow(expect.objectContaining({ code: 'TOOL_FAILED' }));
  });
});
