import type { Machine } from '../../contract/machine.ts';
import { pcSystemType } from './chassis.ts';
import { CIMV2, defineClass, known } from './class.ts';
import { NO_WINDOWS } from './classes-windows.ts';

const SYSTEM_TYPES = { x86: 'X86-based PC', x64: 'x64-based PC', arm64: 'ARM64-based PC' };

export const COMPUTER_SYSTEM = defineClass({
  name: 'Win32_ComputerSystem',
  namespace: CIMV2,
  note: `TotalPhysicalMemory is the installed memory. PCSystemType follows the chassis. Name, Domain and Workgroup: ${NO_WINDOWS}.`,
  items: (machine) => [machine],
  properties: {
    Manufacturer: ['string', ({ make }) => make],
    Model: ['string', ({ model }) => model],
    SystemSKUNumber: ['string', ({ sku }) => sku],
    SystemFamily: ['string', ({ family }) => family],
    SystemType: ['string', (machine) => SYSTEM_TYPES[machine.operatingSystem?.architecture ?? machine.architecture]],
    TotalPhysicalMemory: ['uint64', ({ memoryBytes }) => known(memoryBytes)],
    NumberOfProcessors: ['uint32', ({ processors }) => known(processors.length)],
    NumberOfLogicalProcessors: ['uint32', (machine) => known(sum(machine, 'logicalProcessors'))],
    PCSystemType: ['uint16', (machine) => pcSystemType(machine)],
    PCSystemTypeEx: ['uint16', (machine) => (machine.chassisTypes.includes(30) ? 8 : pcSystemType(machine))],
    Name: ['string', (machine) => known(machine.operatingSystem?.computerName ?? '')],
    Caption: ['string', (machine) => known(machine.operatingSystem?.computerName ?? '')],
    DNSHostName: ['string', (machine) => known(machine.operatingSystem?.computerName ?? '')],
    Domain: ['string', ({ operatingSystem: os }) => os && known(os.domain === '' ? os.workgroup : os.domain)],
    Workgroup: ['string', ({ operatingSystem: os }) => os && (os.domain === '' ? known(os.workgroup) : null)],
    PartOfDomain: ['boolean', ({ operatingSystem }) => operatingSystem && operatingSystem.domain !== ''],
    DomainRole: ['uint16', domainRole],
    Status: ['string', () => 'OK'],
  },
});

function sum({ processors }: Machine, what: 'cores' | 'logicalProcessors'): number {
  return processors.reduce((total, processor) => total + processor[what], 0);
}

/** A domain controller's is 4 or 5 by its FSMO role, which the inventory does not hold. */
function domainRole({ operatingSystem }: Machine): number | undefined {
  if (operatingSystem === undefined || operatingSystem.productType === 'domain-controller') return undefined;
  return (operatingSystem.productType === 'server' ? 2 : 0) + (operatingSystem.domain === '' ? 0 : 1);
}

export const COMPUTER_SYSTEM_PRODUCT = defineClass({
  name: 'Win32_ComputerSystemProduct',
  namespace: CIMV2,
  items: (machine) => [machine],
  properties: {
    Name: ['string', ({ model }) => model],
    Vendor: ['string', ({ make }) => make],
    Version: ['string', ({ systemVersion }) => systemVersion],
    IdentifyingNumber: ['string', ({ serial }) => serial],
    UUID: ['string', ({ uuid }) => uuid.toUpperCase()],
    SKUNumber: ['string', ({ sku }) => sku],
    Caption: ['string', () => 'Computer System Product'],
    Description: ['string', () => 'Computer System Product'],
  },
});
