import type { OperatingSystem } from '../../contract/machine.ts';
import type { Win32 } from '../../native/win32.ts';
import { registryInteger, registryText } from './registry.ts';

const SYSTEM = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet';
const CURRENT_VERSION = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const CONTROL = `${SYSTEM}\\Control`;
const ARCHITECTURES: Readonly<Record<string, OperatingSystem['architecture']>> = {
  x86: 'x86',
  AMD64: 'x64',
  ARM64: 'arm64',
};
const PRODUCT_TYPES: Readonly<Record<string, OperatingSystem['productType']>> = {
  LanmanNT: 'domain-controller',
  ServerNT: 'server',
};
/** From this build on a client is Windows 11, but its registry still says Windows 10. */
const FIRST_WINDOWS_11 = 22_000;
const ENGLISH_US = 1033;

/** Whether the system that runs is WinPE: it alone has this key (Microsoft: "WinPE: Create Apps"). */
export function isWinpe(win32: Pick<Win32, 'registryKeyError'>): boolean {
  return win32.registryKeyError(`${CONTROL}\\MiniNT`) === 0;
}

/** The Windows that runs; undefined in WinPE. */
export function readOperatingSystem(win32: Win32, systemRoot: string): OperatingSystem | undefined {
  if (isWinpe(win32)) return undefined;
  const text = (name: string) => registryText(win32, CURRENT_VERSION, name);
  const number = (name: string) => registryInteger(win32, CURRENT_VERSION, name);
  const build = number('CurrentBuildNumber') ?? number('CurrentBuild') ?? 0;
  const productType = PRODUCT_TYPES[registryText(win32, `${CONTROL}\\ProductOptions`, 'ProductType')] ?? 'client';
  const [major = 0, minor = 0] = text('CurrentVersion').split('.').map(Number);
  const architecture = registryText(win32, `${CONTROL}\\Session Manager\\Environment`, 'PROCESSOR_ARCHITECTURE');
  return {
    caption: captionOf(text('ProductName'), build, productType),
    // Since Windows 10 the text of the version says 6.3 for ever.
    version: [number('CurrentMajorVersionNumber') ?? major, number('CurrentMinorVersionNumber') ?? minor, build].join(
      '.',
    ),
    build,
    revision: number('UBR') ?? 0,
    edition: text('EditionID'),
    architecture: ARCHITECTURES[architecture] ?? (process.arch === 'arm64' ? 'arm64' : 'x64'),
    productType,
    language: Number.parseInt(registryText(win32, `${CONTROL}\\Nls\\Language`, 'InstallLanguage'), 16) || ENGLISH_US,
    computerName: registryText(win32, `${CONTROL}\\ComputerName\\ActiveComputerName`, 'ComputerName'),
    ...membership(win32),
    systemDrive: systemRoot.slice(0, 2),
    windowsFolder: systemRoot,
  };
}

/** As Win32_OperatingSystem has it: `Microsoft Windows 11 Pro`. */
function captionOf(productName: string, build: number, productType: OperatingSystem['productType']): string {
  const real =
    productType === 'client' && build >= FIRST_WINDOWS_11
      ? productName.replace('Windows 10', 'Windows 11')
      : productName;
  return real === '' || real.startsWith('Microsoft ') ? real : `Microsoft ${real}`;
}

/** The domain by its DNS name where Windows knows it. */
function membership(win32: Win32): Pick<OperatingSystem, 'domain' | 'workgroup'> {
  const joined = win32.joined();
  if (joined?.kind !== 'domain') return { domain: '', workgroup: joined?.name ?? '' };
  return {
    domain: registryText(win32, `${SYSTEM}\\Services\\Tcpip\\Parameters`, 'Domain') || joined.name,
    workgroup: '',
  };
}
