import { describe, expect, it } from 'vitest';
import { type Machine, NetworkAdapter, OperatingSystem } from '../../../../../runtime/contract/machine.ts';
import type { CimType, CimValue } from '../../../../../runtime/sequence/wql/class.ts';
import { ASK_INSTEAD, WQL_CLASSES } from '../../../../../runtime/sequence/wql/classes.ts';
import { aMachine } from '../../../../helpers/machine.ts';

const RUNNING = aMachine({
  onBattery: true,
  networkAdapters: [
    NetworkAdapter.parse({ name: 'Ethernet', description: 'Intel', mac: '02:00:00:00:00:01', addresses: ['10.0.0.5'] }),
  ],
  tpm: { specVersion: '2.0', enabled: true, activated: false },
  deviceIds: ['PCI\\VEN_8086'],
  chassisTypes: [3],
  operatingSystem: OperatingSystem.parse({
    ...{ caption: 'Microsoft Windows 11 Pro', version: '10.0.26100', build: 26100, architecture: 'arm64' },
    ...{ productType: 'server', workgroup: 'WORKGROUP' },
  }),
});

function isOf(type: CimType, value: CimValue): boolean {
  if (value === null || value === undefined) return true;
  if (type.endsWith('[]')) return Array.isArray(value);
  if (type === 'string' || type === 'datetime') return typeof value === 'string';
  return type === 'boolean' ? typeof value === 'boolean' : Number.isInteger(value);
}

function values(name: string, machine: Machine): Record<string, CimValue>[] | string {
  const found = WQL_CLASSES.find((one) => one.name === name);
  const instances = found?.instances(machine) ?? [];
  if (typeof instances === 'string') return instances;
  const properties = found?.properties ?? [];
  return instances.map((read) => Object.fromEntries(properties.map((property, index) => [property.name, read(index)])));
}

describe.each([
  ['a machine of which little is known', aMachine()],
  ['a running Windows', RUNNING],
])('on %s', (_, machine) => {
  it.each(WQL_CLASSES)('$name has values of the types it promises', ({ properties, instances }) => {
    const all = instances(machine);
    const wrong = properties.filter(({ type }, index) =>
      typeof all === 'string' ? false : all.some((read) => !isOf(type, read(index))),
    );
    expect(wrong).toEqual([]);
  });
});

it('every class is there once, in the namespaces there are', () => {
  const names = WQL_CLASSES.map(({ name }) => name.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => ASK_INSTEAD.has(name))).toEqual([]);
});

describe('values follow conventions of WMI', () => {
  it.each<[string, Partial<Machine>, number | undefined]>([
    ['a notebook', { chassisTypes: [10] }, 2],
    ['a desktop', { chassisTypes: [3] }, 1],
    ['a rack server', { chassisTypes: [23] }, 4],
    ['a virtual machine', { chassisTypes: [1] }, 1],
    ['something with a battery', { batteries: [{ name: 'b', chargePercent: 1 }] }, 2],
    ['something unknown', {}, undefined],
  ])('PCSystemType of %s', (_, wish, expected) => {
    expect(values('Win32_ComputerSystem', aMachine(wish))).toMatchObject([{ PCSystemType: expected }]);
  });

  it('of a workgroup', () => {
    expect(values('Win32_ComputerSystem', RUNNING)).toMatchObject([
      { Domain: 'WORKGROUP', Workgroup: 'WORKGROUP', PartOfDomain: false, DomainRole: 2 },
    ]);
  });

  it('of the operating system', () => {
    expect(values('Win32_OperatingSystem', RUNNING)).toMatchObject([
      { BuildNumber: '26100', ProductType: 3, OSArchitecture: 'ARM 64-bit Processor', OSLanguage: 1033 },
    ]);
    expect(values('Win32_OperatingSystem', aMachine())).toContain('boot environment');
  });

  it('of a battery that only shows by being used', () => {
    expect(values('Win32_Battery', RUNNING)).toMatchObject([{ BatteryStatus: 1, Name: undefined }]);
    expect(values('Win32_Battery', aMachine())).toEqual([]);
  });

  it('of network adapters', () => {
    expect(values('Win32_NetworkAdapterConfiguration', RUNNING)).toMatchObject([
      { IPEnabled: true, IPAddress: ['10.0.0.5'], DefaultIPGateway: null },
    ]);
    expect(values('Win32_NetworkAdapter', aMachine())).toMatchObject([
      { MACAddress: '02:00:00:00:00:01', NetConnectionID: undefined },
    ]);
  });

  it('of what is not there', () => {
    expect(values('Win32_Tpm', aMachine())).toEqual([]);
    expect(values('Win32_PnPEntity', aMachine())).toEqual([]);
  });
});
