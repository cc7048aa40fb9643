/** A file that only an optional component of WinPE brings, by path from the root. */
type Evidence = { component: string; path: string };

/** From "WinPE Optional Components Reference", and from public lists of what is in WinRE. */
export const COMPONENT_EVIDENCE: readonly Evidence[] = [
  { component: 'Dot3Svc', path: 'windows/system32/dot3svc.dll' },
  { component: 'DismCmdlets', path: 'windows/system32/windowspowershell/v1.0/modules/dism' },
  { component: 'EnhancedStorage', path: 'windows/system32/ehstorapi.dll' },
  { component: 'FMAPI', path: 'windows/system32/fmapi.dll' },
  { component: 'HTA', path: 'windows/system32/mshta.exe' },
  { component: 'MDAC', path: 'program files/common files/system/ado/msado15.dll' },
  { component: 'NetFX', path: 'windows/microsoft.net/framework64' },
  { component: 'NetFX', path: 'windows/microsoft.net/frameworkarm64' },
  { component: 'PowerShell', path: 'windows/system32/windowspowershell/v1.0/powershell.exe' },
  { component: 'RNDIS', path: 'windows/system32/drivers/rndismp6.sys' },
  { component: 'Scripting', path: 'windows/system32/cscript.exe' },
  { component: 'SecureBootCmdlets', path: 'windows/system32/windowspowershell/v1.0/modules/secureboot' },
  { component: 'SecureStartup', path: 'windows/system32/manage-bde.exe' },
  { component: 'StorageWMI', path: 'windows/system32/storagewmi.dll' },
  { component: 'WDS-Tools', path: 'windows/system32/wdscapture.exe' },
  { component: 'WiFi', path: 'windows/system32/wlansvc.dll' },
  { component: 'WMI', path: 'windows/system32/wbem/wmiprvse.exe' },
];

/** Parts of every WinPE, which are no components one could ask for. */
const NO_COMPONENTS = new Set(['LanguagePack']);

/**
 * The optional components among the names of Windows\servicing\Packages, without what is the same in all of the names:
 * `WMI` of `WinPE-WMI-Package~31bf3856ad364e35~amd64~~10.0.22621.1.mum`. Sorted.
 */
export function componentsOfPackages(names: readonly string[]): string[] {
  const found = names.map((name) => /^(?:Microsoft-Windows-)?WinPE-(.+?)-Package~.*\.mum$/i.exec(name)?.[1]);
  const components = new Set(found.filter((name) => name !== undefined && !NO_COMPONENTS.has(name)));
  return [...components].filter((name) => name !== undefined).sort();
}
