import type { Argv } from '../../host/exec.ts';

export type SetupWish = {
  /** The full path of setup.exe. */
  setup: string;
  scanOnly: boolean;
  ignoreWarnings: boolean;
  dynamicUpdate: boolean;
  /** The image of the source, from 1; undefined leaves the choice to Setup. */
  imageIndex?: number | undefined;
  productKey?: string | undefined;
  driverFolder?: string | undefined;
  /** A quiet Setup of Windows 11 asks for it; an older one may not know it. */
  acceptEula: boolean;
  /** Full paths of setupcomplete.cmd and setuprollback.cmd; undefined where nothing is upgraded. */
  postOobe?: string | undefined;
  postRollback?: string | undefined;
  /** As they are, behind all others. */
  additional: readonly string[];
};

/**
 * setup.exe's command line (Microsoft: "Windows Setup Command-Line Options"; /ImageIndex as in "A Configuration Manager
 * in-place upgrade task sequence doesn't continue"; /EULA from the field). /NoReboot leaves the first restart to the
 * engine, those after it are Setup's own. A rollback script runs as SYSTEM and not when somebody signs in.
 */
export function setupArgv(wish: SetupWish): Argv {
  return [
    wish.setup,
    '/Auto',
    'Upgrade',
    '/Quiet',
    '/NoReboot',
    ...(wish.acceptEula ? ['/EULA', 'Accept'] : []),
    '/DynamicUpdate',
    wish.dynamicUpdate ? 'Enable' : 'Disable',
    ...(wish.scanOnly ? ['/Compat', 'ScanOnly'] : ['/ShowOOBE', 'None']),
    ...(wish.ignoreWarnings ? ['/Compat', 'IgnoreWarning'] : []),
    ...(wish.imageIndex === undefined ? [] : ['/ImageIndex', String(wish.imageIndex)]),
    ...given('/PKey', wish.productKey),
    ...given('/InstallDrivers', wish.driverFolder),
    ...given('/PostOOBE', wish.postOobe),
    ...(wish.postRollback === undefined ? [] : ['/PostRollback', wish.postRollback, '/PostRollbackContext', 'System']),
    ...wish.additional,
  ];
}

function given(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}
