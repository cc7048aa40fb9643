import { CIMV2, defineClass, TPM_NAMESPACE, WMI } from './class.ts';
import { cimDatetime } from './datetime.ts';

export const BIOS = defineClass({
  name: 'Win32_BIOS',
  namespace: CIMV2,
  items: (machine) => [machine],
  properties: {
    Manufacturer: ['string', ({ bios }) => bios.vendor],
    SMBIOSBIOSVersion: ['string', ({ bios }) => bios.version],
    Name: ['string', ({ bios }) => bios.version],
    Caption: ['string', ({ bios }) => bios.version],
    Description: ['string', ({ bios }) => bios.version],
    ReleaseDate: ['datetime', ({ bios }) => (bios.date === '' ? null : cimDatetime(new Date(bios.date)))],
    SerialNumber: ['string', ({ serial }) => serial],
    SMBIOSPresent: ['boolean', () => true],
    PrimaryBIOS: ['boolean', () => true],
    Status: ['string', () => 'OK'],
  },
});

export const BASE_BOARD = defineClass({
  name: 'Win32_BaseBoard',
  namespace: CIMV2,
  items: (machine) => [machine.baseBoard],
  properties: {
    Manufacturer: ['string', ({ manufacturer }) => manufacturer],
    Product: ['string', ({ product }) => product],
    SerialNumber: ['string', ({ serial }) => serial],
    Version: ['string', ({ version }) => version],
    Name: ['string', () => 'Base Board'],
    Caption: ['string', () => 'Base Board'],
    HostingBoard: ['boolean', () => true],
    Status: ['string', () => 'OK'],
  },
});

export const SYSTEM_ENCLOSURE = defineClass({
  name: 'Win32_SystemEnclosure',
  namespace: CIMV2,
  note: 'ChassisTypes is an array, which WQL cannot compare: ask PCSystemType of Win32_ComputerSystem.',
  items: (machine) => [machine],
  properties: {
    ChassisTypes: ['uint16[]', ({ chassisTypes }) => (chassisTypes.length > 0 ? chassisTypes : undefined)],
    SMBIOSAssetTag: ['string', ({ assetTag }) => assetTag],
    Name: ['string', () => 'System Enclosure'],
    Caption: ['string', () => 'System Enclosure'],
  },
});

export const TPM = defineClass({
  name: 'Win32_Tpm',
  namespace: TPM_NAMESPACE,
  note: 'SpecVersion is the version alone (2.0); WMI appends the level and the revision.',
  items: ({ tpm }) => (tpm === undefined ? [] : [tpm]),
  properties: {
    SpecVersion: ['string', ({ specVersion }) => specVersion],
    IsEnabled_InitialValue: ['boolean', ({ enabled }) => enabled],
    IsActivated_InitialValue: ['boolean', ({ activated }) => activated],
    IsOwned_InitialValue: ['boolean', () => undefined],
  },
});

export const SYSTEM_INFORMATION = defineClass({
  name: 'MS_SystemInformation',
  namespace: WMI,
  items: (machine) => [machine],
  properties: {
    SystemManufacturer: ['string', ({ make }) => make],
    SystemProductName: ['string', ({ model }) => model],
    SystemVersion: ['string', ({ systemVersion }) => systemVersion],
    SystemSKU: ['string', ({ sku }) => sku],
    SystemFamily: ['string', ({ family }) => family],
    BaseBoardManufacturer: ['string', ({ baseBoard }) => baseBoard.manufacturer],
    BaseBoardProduct: ['string', ({ baseBoard }) => baseBoard.product],
    BaseBoardVersion: ['string', ({ baseBoard }) => baseBoard.version],
    BIOSVendor: ['string', ({ bios }) => bios.vendor],
    BIOSVersion: ['string', ({ bios }) => bios.version],
    Active: ['boolean', () => true],
  },
});
