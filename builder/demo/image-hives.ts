import { type HiveData, hiveFromPaths, hiveKey } from '../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../runtime/hive/regf.ts';
import { ACCESS, INHERIT, SIDS, securityDescriptor } from '../../runtime/hive/security-descriptor.ts';
import type { Edition } from './editions.ts';
import { IMAGE_TIME } from './image-time.ts';

/** The hives of `Windows/System32/config` and of the default user, by path, for one edition. */
export function imageHives(edition: Edition): Record<string, Uint8Array> {
  const config = 'Windows/System32/config';
  return {
    [`${config}/SYSTEM`]: hive({ ...SYSTEM, ...services(220) }),
    [`${config}/SOFTWARE`]: hive({ ...software(edition), ...classes(1500) }),
    [`${config}/SAM`]: hive({ 'SAM\\Domains\\Account\\Users\\Names': {}, 'SAM\\Domains\\Builtin': {} }),
    [`${config}/SECURITY`]: hive({ 'Policy\\Accounts': {}, 'Policy\\Secrets': {} }),
    [`${config}/DEFAULT`]: hive(USER),
    'Users/Default/NTUSER.DAT': hive(USER),
  };
}

function hive(paths: Record<string, Record<string, HiveData>>): Uint8Array {
  return writeHive(hiveFromPaths('ROOT', paths), {
    timestamp: IMAGE_TIME,
    security: securityDescriptor({
      owner: SIDS.administrators,
      group: SIDS.system,
      rules: [
        { allow: true, sid: SIDS.administrators, mask: ACCESS.keyAll, flags: INHERIT.container },
        { allow: true, sid: SIDS.system, mask: ACCESS.keyAll, flags: INHERIT.container },
        { allow: true, sid: SIDS.users, mask: ACCESS.keyRead, flags: INHERIT.container },
      ],
    }),
  });
}

const text = (data: string): HiveData => ({ type: 'SZ', data });
const expand = (data: string): HiveData => ({ type: 'EXPAND_SZ', data });
const list = (...data: string[]): HiveData => ({ type: 'MULTI_SZ', data });
const number = (data: number): HiveData => ({ type: 'DWORD', data });

const SYSTEM: Record<string, Record<string, HiveData>> = {
  Select: { Current: number(1), Default: number(1), Failed: number(0), LastKnownGood: number(1) },
  Setup: { SetupType: number(0), SystemSetupInProgress: number(0), CmdLine: text('') },
  MountedDevices: {},
  'ControlSet001\\Control\\ComputerName\\ComputerName': { ComputerName: text('STAND-IN') },
  'ControlSet001\\Control\\Nls\\Language': { Default: text('0409'), InstallLanguage: text('0409') },
  'ControlSet001\\Control\\MUI\\UILanguages\\en-US': { LCID: number(0x409), Type: number(0x91) },
  'ControlSet001\\Control\\ProductOptions': { ProductType: text('WinNT'), ProductSuite: list('Terminal Server') },
  'ControlSet001\\Control\\Session Manager': { BootExecute: list('autocheck autochk *') },
  'ControlSet001\\Control\\Session Manager\\Environment': {
    PROCESSOR_ARCHITECTURE: text('AMD64'),
    OS: text('Windows_NT'),
  },
};

function services(count: number): Record<string, Record<string, HiveData>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `ControlSet001\\Services\\StandIn${index}`,
      {
        Type: number(index % 3 === 0 ? 1 : 0x20),
        Start: number(index % 5),
        ErrorControl: number(1),
        ImagePath: expand(`\\SystemRoot\\System32\\drivers\\standin${index}.sys`),
      },
    ]),
  );
}

function software(edition: Edition): Record<string, Record<string, HiveData>> {
  return {
    'Microsoft\\Windows NT\\CurrentVersion': {
      ProductName: text(`Mediasmith ${edition.name}`),
      EditionID: text(edition.id),
      InstallationType: text('Client'),
      CurrentVersion: text('6.3'),
      CurrentBuild: text('26100'),
      CurrentBuildNumber: text('26100'),
      CurrentMajorVersionNumber: number(10),
      CurrentMinorVersionNumber: number(0),
      UBR: number(1),
      SystemRoot: text('C:\\Windows'),
    },
    'Microsoft\\Windows\\CurrentVersion': {
      ProgramFilesDir: text('C:\\Program Files'),
      DevicePath: expand('%SystemRoot%\\inf'),
    },
    'Microsoft\\Windows\\CurrentVersion\\Run': {},
    'Microsoft\\Windows\\CurrentVersion\\RunOnce': {},
    'Microsoft\\Windows\\CurrentVersion\\Setup\\State': { ImageState: text('IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') },
    Policies: {},
  };
}

function classes(count: number): Record<string, Record<string, HiveData>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `Classes\\CLSID\\{${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000}\\InprocServer32`,
      { '': expand(`%SystemRoot%\\system32\\standin${index}.dll`), ThreadingModel: text('Both') },
    ]),
  );
}

const USER: Record<string, Record<string, HiveData>> = {
  'Control Panel\\Desktop': { Wallpaper: text('') },
  'Control Panel\\International': { LocaleName: text('en-US') },
  'Keyboard Layout\\Preload': { '1': text('00000409') },
  'Software\\Microsoft\\Windows\\CurrentVersion\\Run': {},
};

/** The empty store that a boot configuration is made from. */
export function templateStore(): Uint8Array {
  const root = hiveKey('NewStoreRoot', {}, [
    hiveKey('Description', { KeyName: text('BCD00000001') }),
    hiveKey('Objects'),
  ]);
  return writeHive(root, { timestamp: IMAGE_TIME, minorVersion: 3 });
}
