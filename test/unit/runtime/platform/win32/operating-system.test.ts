import { describe, expect, it } from 'vitest';
import type { Win32 } from '../../../../../runtime/native/win32.ts';
import { isWinpe, readOperatingSystem } from '../../../../../runtime/platform/win32/operating-system.ts';
import { fakeRegistry } from '../../../../helpers/fake-registry.ts';
import { fakeWin32 } from '../../../../helpers/fake-win32.ts';

const SYSTEM = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet';
const CONTROL = `${SYSTEM}\\Control`;
const VERSION = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const WINDOWS_11 = {
  ProductName: 'Windows 10 Pro',
  CurrentBuildNumber: '26100',
  CurrentVersion: '6.3',
  CurrentMajorVersionNumber: 10,
  CurrentMinorVersionNumber: 0,
  UBR: 1742,
  EditionID: 'Professional',
};
const KEYS = {
  [VERSION]: WINDOWS_11,
  [`${CONTROL}\\ProductOptions`]: { ProductType: 'WinNT' },
  [`${CONTROL}\\Session Manager\\Environment`]: { PROCESSOR_ARCHITECTURE: 'AMD64' },
  [`${CONTROL}\\Nls\\Language`]: { Default: '0409', InstallLanguage: '0407' },
  [`${CONTROL}\\ComputerName\\ActiveComputerName`]: { ComputerName: 'PC-1' },
};

function read(keys: Parameters<typeof fakeRegistry>[0] = {}, answers: Partial<Win32> = {}) {
  return readOperatingSystem(fakeWin32({}, { ...fakeRegistry({ ...KEYS, ...keys }), ...answers }), 'C:\\Windows');
}

describe('readOperatingSystem', () => {
  it('reads what the registry says of the Windows that runs', () => {
    expect(read({}, { joined: () => ({ kind: 'workgroup', name: 'WORKGROUP' }) })).toEqual({
      caption: 'Microsoft Windows 11 Pro',
      version: '10.0.26100',
      build: 26100,
      revision: 1742,
      edition: 'Professional',
      architecture: 'x64',
      productType: 'client',
      language: 0x407,
      computerName: 'PC-1',
      domain: '',
      workgroup: 'WORKGROUP',
      systemDrive: 'C:',
      windowsFolder: 'C:\\Windows',
    });
  });

  it.each([
    ['Windows 10 Pro', '19045', 'WinNT', 'Microsoft Windows 10 Pro', 'client'],
    ['Windows Server 2025 Standard', '26100', 'ServerNT', 'Microsoft Windows Server 2025 Standard', 'server'],
    [
      'Windows Server 2022 Standard',
      '20348',
      'LanmanNT',
      'Microsoft Windows Server 2022 Standard',
      'domain-controller',
    ],
    ['Microsoft Windows 11 Pro', '22000', 'WinNT', 'Microsoft Windows 11 Pro', 'client'],
  ])('%s of build %s', (ProductName, CurrentBuildNumber, ProductType, caption, productType) => {
    const found = read({
      [VERSION]: { ...WINDOWS_11, ProductName, CurrentBuildNumber },
      [`${CONTROL}\\ProductOptions`]: { ProductType },
    });
    expect(found).toMatchObject({ caption, productType });
  });

  it('knows an older version by its text', () => {
    const found = read({ [VERSION]: { ProductName: 'Windows 8.1', CurrentBuild: '9600', CurrentVersion: '6.3' } });
    expect(found).toMatchObject({ version: '6.3.9600', build: 9600, revision: 0, edition: '' });
  });

  it.each([
    [{ Domain: 'example.org' }, 'example.org'],
    [{ Domain: '' }, 'EXAMPLE'],
  ])('names the domain by its DNS name where there is one: %j', (parameters, domain) => {
    const joined = () => ({ kind: 'domain', name: 'EXAMPLE' }) as const;
    const found = read({ [`${SYSTEM}\\Services\\Tcpip\\Parameters`]: parameters }, { joined });
    expect(found).toMatchObject({ domain, workgroup: '' });
  });

  it('has none in WinPE', () => {
    expect(read({ [`${CONTROL}\\MiniNT`]: {} })).toBeUndefined();
  });
});

it('tells WinPE from a full Windows', () => {
  expect(isWinpe(fakeRegistry({ [`${CONTROL}\\MiniNT`]: {} }))).toBe(true);
  expect(isWinpe(fakeRegistry(KEYS))).toBe(false);
});
