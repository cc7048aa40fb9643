import { describe, expect, it } from 'vitest';
import { type Machine, OperatingSystem } from '../../../../../runtime/contract/machine.ts';
import { queryMachine } from '../../../../../runtime/sequence/wql/query.ts';
import { WqlError } from '../../../../../runtime/sequence/wql/wql-error.ts';
import { aDisk, aMachine } from '../../../../helpers/machine.ts';

const GIB = 1024 ** 3;
const LATITUDE = aMachine({
  make: 'Dell Inc.',
  model: 'Latitude 5480',
  serial: '7XK1234',
  sku: '07A8',
  bios: { vendor: 'Dell Inc.', version: '1.12.3', date: '2023-07-25' },
  baseBoard: { manufacturer: 'Dell Inc.', product: '0T2K5J', serial: '/1/', version: 'A00' },
  chassisTypes: [10],
  memoryBytes: 16 * GIB,
  batteries: [{ name: 'DELL GJKNX', chargePercent: 80 }],
  tpm: { specVersion: '2.0', enabled: true, activated: true },
  deviceIds: ['PCI\\VEN_8086&DEV_15D7&SUBSYS_07A81028', 'USB\\VID_0BDA&PID_5411'],
  disks: [
    aDisk({ device: '\\\\.\\PhysicalDrive1', bytes: 512_110_190_592 }),
    aDisk({ bus: 'usb', device: '\\\\.\\PhysicalDrive0' }),
  ],
  processors: [
    { name: 'Intel(R) Core(TM) i5', manufacturer: 'GenuineIntel', cores: 4, logicalProcessors: 8, megahertz: 2600 },
  ],
  operatingSystem: OperatingSystem.parse({
    ...{ caption: 'Microsoft Windows 11 Pro', version: '10.0.26100', build: 26100, architecture: 'x64' },
    ...{ edition: 'Professional', computerName: 'PC1', domain: 'contoso.com', language: 1031 },
  }),
});

function found(query: string, machine: Machine = LATITUDE, namespace = 'root\\cimv2'): number {
  return queryMachine(query, namespace, machine).found;
}

function refusal(query: string, machine: Machine = LATITUDE, namespace = 'root\\cimv2'): string {
  try {
    found(query, machine, namespace);
  } catch (error) {
    if (error instanceof WqlError) return [error.column, error.message, error.hint].filter(Boolean).join(' | ');
    throw error;
  }
  throw new Error('no refusal');
}

describe('a query as sequences have it', () => {
  it.each<[string, number]>([
    ["Select * from Win32_ComputerSystem where Manufacturer like '%DELL%'", 1],
    ['Select Model FROM Win32_ComputerSystem WHERE Model LIKE "%Latitude 5480%"', 1],
    ['Select Model FROM Win32_ComputerSystem WHERE Model LIKE "%Latitude 7480%"', 0],
    ['select SMBIOSBIOSVersion FROM Win32_BIOS WHERE SMBIOSBIOSVersion = "1.12.3"', 1],
    ['SELECT * FROM Win32_Baseboard WHERE Product LIKE "CF31-4%" or Product LIKE "0T2K%"', 1],
    ['SELECT * FROM Win32_ComputerSystem WHERE PCSystemType = 2', 1],
    ["SELECT * FROM Win32_ComputerSystem WHERE PCSystemType <> '2'", 0],
    ['SELECT * FROM Win32_ComputerSystem WHERE TotalPhysicalMemory >= 17179869184', 1],
    ["SELECT * FROM Win32_ComputerSystem WHERE TotalPhysicalMemory < '17179869184'", 0],
    ['SELECT * FROM Win32_ComputerSystem WHERE PartOfDomain = TRUE AND DomainRole = 1', 1],
    ["SELECT * FROM Win32_ComputerSystem WHERE NOT PartOfDomain = 'true'", 0],
    ['SELECT * FROM Win32_Battery', 1],
    ['SELECT * FROM Win32_Battery WHERE BatteryStatus = 1', 0],
    ["SELECT * FROM Win32_OperatingSystem WHERE Version LIKE '10.%' AND ProductType = '1'", 1],
    ["SELECT * FROM Win32_OperatingSystem WHERE OSArchitecture = '64-bit' AND OSLanguage = 1031", 1],
    ["SELECT * FROM Win32_OperatingSystem WHERE Caption LIKE '%Windows 1[01]%' AND OperatingSystemSKU = 48", 1],
    ["SELECT * FROM Win32_BIOS WHERE ReleaseDate > '20230101000000.000000+000'", 1],
    ["SELECT * FROM Win32_BIOS WHERE ReleaseDate < '7/25/2023'", 0],
    ["SELECT * FROM Win32_BIOS WHERE ReleaseDate = '2023-07-25'", 1],
    ["SELECT * FROM Win32_BIOS WHERE ReleaseDate LIKE '2023%'", 1],
    ["SELECT * FROM Win32_Processor WHERE Name LIKE '%Intel%' AND AddressWidth = 64 AND NumberOfCores >= 4", 1],
    ["SELECT * FROM Win32_DiskDrive WHERE InterfaceType = 'USB'", 1],
    ["SELECT * FROM Win32_DiskDrive WHERE DeviceID = '\\\\\\\\.\\\\PHYSICALDRIVE1' AND Index = 1", 1],
    ['SELECT * FROM Win32_DiskDrive WHERE Size = 512105932800', 1],
    ["SELECT * FROM Win32_PnPEntity WHERE DeviceID LIKE 'PCI\\\\VEN_8086&DEV_15D7%'", 1],
    ["SELECT * FROM Win32_PnPEntity WHERE DeviceID LIKE 'PCI\\VEN_8086&DEV_15D7%'", 1],
    ["SELECT * FROM Win32_ComputerSystemProduct WHERE UUID LIKE '1111%' AND IdentifyingNumber = '7xk1234'", 1],
    ["SELECT * FROM Win32_NetworkAdapter WHERE MACAddress LIKE '02:00:%'", 1],
  ])('%s finds %i', (query, expected) => {
    expect(found(query)).toBe(expected);
  });

  it.each<[string, string, number]>([
    ['root\\CIMV2\\Security\\MicrosoftTpm', 'SELECT * FROM Win32_Tpm WHERE NOT SpecVersion LIKE "1.2"', 1],
    ['\\\\.\\root\\cimv2\\security\\microsofttpm', 'select * from Win32_TPM WHERE IsEnabled_InitialValue=TRUE', 1],
    ['ROOT/WMI', "SELECT * FROM MS_SystemInformation WHERE SystemSKU = '07a8'", 1],
  ])('in the namespace %s: %s finds %i', (namespace, query, expected) => {
    expect(found(query, LATITUDE, namespace)).toBe(expected);
  });
});

describe('values', () => {
  const old = aMachine({
    operatingSystem: OperatingSystem.parse({
      ...{ caption: 'Microsoft Windows 8.1 Pro', version: '6.3.9600', build: 9600, architecture: 'x86' },
    }),
  });
  const build = (expression: string) =>
    found(`SELECT * FROM Win32_OperatingSystem WHERE BuildNumber ${expression}`, old);

  it('compare as texts in quotes and as numbers without', () => {
    expect([build('>= 10240'), build(">= '10240'"), build('= 9600'), build("= '09600'")]).toEqual([0, 1, 1, 0]);
  });

  it('that are NULL equal only NULL', () => {
    const date = (expression: string) => found(`SELECT * FROM Win32_BIOS WHERE ${expression}`, old);
    const dates = ['IS NULL', '= NULL', "= '2020-01-01'", "> '2020-01-01'", "<> '2020-01-01'", "LIKE '%'"];
    expect(dates.map((expression) => date(`ReleaseDate ${expression}`))).toEqual([1, 1, 0, 0, 1, 0]);
    expect([date('ReleaseDate IS NOT NULL'), date("NOT ReleaseDate = '2020-01-01'")]).toEqual([0, 1]);
  });

  it('that the inventory does not hold are not assumed', () => {
    const query = 'SELECT * FROM Win32_Processor WHERE NumberOfCores > 2';
    expect(refusal(query, aMachine())).toContain('Win32_Processor.NumberOfCores is not known of this machine');
    expect(found('SELECT NumberOfCores FROM Win32_Processor WHERE MaxClockSpeed = 2000', aMachine())).toBe(1);
  });
});

describe('what cannot be answered is named', () => {
  const lenovo = "Select CurrentSetting FROM Lenovo_BiosSetting WHERE CurrentSetting LIKE 'Boot Mode%'";

  it.each<[string, string, string]>([
    [
      'root\\cimv2',
      'SELECT * FROM Win32_ComputerSytem',
      '15 | the inventory has no class Win32_ComputerSytem | Did you mean Win32_ComputerSystem?',
    ],
    [
      'root\\cimv2',
      'SELECT * FROM Win32_Product',
      '15 | the inventory has no class Win32_Product | Ask a software condition.',
    ],
    [
      'root\\cimv2',
      'SELECT * FROM Win32_Tpm',
      '15 | Win32_Tpm is not in the namespace root\\cimv2 | Write "namespace: root\\cimv2\\security\\microsofttpm".',
    ],
    [
      'root\\cimv2',
      'SELECT Modle FROM Win32_ComputerSystem',
      '8 | the inventory has no property Modle of Win32_ComputerSystem | Did you mean Model?',
    ],
    [
      'root\\cimv2',
      "SELECT * FROM Win32_ComputerSystem WHERE PCSystemType = 'x'",
      "57 | PCSystemType is a number, and 'x' is not",
    ],
    ['root\\cimv2', 'SELECT * FROM Win32_ComputerSystem WHERE Model = TRUE', '50 | Model is a text, and TRUE is not'],
    [
      'root\\cimv2',
      "SELECT * FROM Win32_BIOS WHERE ReleaseDate > 'May'",
      "46 | ReleaseDate is a date, and 'May' is not",
    ],
    [
      'root\\cimv2',
      "SELECT * FROM Win32_ComputerSystem WHERE PartOfDomain = 'x'",
      "57 | PartOfDomain is TRUE or FALSE, and 'x' is not",
    ],
    [
      'root\\cimv2',
      'SELECT * FROM Win32_SystemEnclosure WHERE ChassisTypes = 10',
      '43 | Win32_SystemEnclosure.ChassisTypes is an array, and WQL cannot compare one | ChassisTypes is an array, which WQL cannot compare: ask PCSystemType of Win32_ComputerSystem.',
    ],
  ])('in %s: %s', (namespace, query, expected) => {
    expect(refusal(query, LATITUDE, namespace)).toBe(expected);
  });

  it.each(['root\\wmi', 'ROOT\\HP\\InstrumentedBIOS'])('a vendor’s class in %s', (namespace) => {
    expect(refusal(lenovo, LATITUDE, namespace)).toContain('Lenovo_BiosSetting');
  });

  it('the operating system of a boot environment', () => {
    expect(refusal("SELECT * FROM Win32_OperatingSystem WHERE Version LIKE '10.%'", aMachine())).toContain(
      'boot environment',
    );
    expect(refusal('SELECT * FROM Win32_ComputerSystem WHERE PartOfDomain = TRUE', aMachine())).toContain(
      'is not known',
    );
  });
});

it('tells what it has seen', () => {
  expect(
    queryMachine("SELECT * FROM Win32_DiskDrive WHERE Model LIKE 'x' OR Index = 7", 'root\\cimv2', LATITUDE),
  ).toEqual({
    className: 'Win32_DiskDrive',
    found: 0,
    of: 2,
    seen: ['Model "Stand-in SSD", Index 1', 'Model "Stand-in SSD", Index 0'],
  });
});
