import type { Machine } from '../../contract/machine.ts';
import { CIMV2, defineClass } from './class.ts';
import { OPERATING_SYSTEM_SKUS } from './operating-system-skus.ts';

export const NO_WINDOWS = 'not known in a boot environment, whose own system is not what a condition asks about';

const ARCHITECTURES = { x86: '32-bit', x64: '64-bit', arm64: 'ARM 64-bit Processor' };
const PRODUCT_TYPES = { client: 1, 'domain-controller': 2, server: 3 };
const KIB = 1024;

export const OPERATING_SYSTEM = defineClass({
  name: 'Win32_OperatingSystem',
  namespace: CIMV2,
  note: `The Windows that runs: ${NO_WINDOWS}.`,
  items: ({ operatingSystem, memoryBytes }: Machine) =>
    operatingSystem === undefined ? NO_WINDOWS : [{ ...operatingSystem, memoryBytes }],
  properties: {
    Caption: ['string', ({ caption }) => caption],
    Version: ['string', ({ version }) => version],
    BuildNumber: ['string', ({ build }) => String(build)],
    OSArchitecture: ['string', ({ architecture }) => ARCHITECTURES[architecture]],
    ProductType: ['uint32', ({ productType }) => PRODUCT_TYPES[productType]],
    OperatingSystemSKU: ['uint32', ({ edition }) => OPERATING_SYSTEM_SKUS.get(edition.toLowerCase())],
    OSLanguage: ['uint32', ({ language }) => language],
    CSName: ['string', ({ computerName }) => computerName],
    SystemDrive: ['string', ({ systemDrive }) => systemDrive],
    WindowsDirectory: ['string', ({ windowsFolder }) => windowsFolder],
    SystemDirectory: ['string', ({ windowsFolder }) => `${windowsFolder}\\system32`],
    TotalVisibleMemorySize: ['uint64', ({ memoryBytes }) => Math.floor(memoryBytes / KIB)],
    Manufacturer: ['string', () => 'Microsoft Corporation'],
    Primary: ['boolean', () => true],
    ServicePackMajorVersion: ['uint16', () => 0],
    Status: ['string', () => 'OK'],
  },
});
