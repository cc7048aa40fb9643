import { entryOf } from '../entry-of.ts';
import { leftOut, optional, type StepMapper } from '../mapping.ts';
import { injectDrivers, installApplication, installOs, installUpdatesOffline } from './content.ts';
import { nextPhase } from './phase.ts';
import { captureUserState, ONLY_IN_WINDOWS, restoreUserState } from './user-state.ts';

/** What a script of MDT does here, by its name in lower case. */
export const MDT_SCRIPTS: Readonly<Record<string, StepMapper>> = {
  ztinextphase: nextPhase,
  zticonfigure: (_step, { changed }) => {
    changed(
      'the answer file is written from the OSD variables: give the options that MDT took from CustomSettings.ini',
    );
    return { step: 'apply-windows-settings' };
  },
  ztinicconfig: ({ action }, { changed }, { phase }) => {
    if (/\/(force)?capture/i.test(action) || phase === 'STATECAPTURE') {
      changed(ONLY_IN_WINDOWS);
      return { step: 'capture-network-settings', runIn: 'full-os' };
    }
    changed('the settings are those of the OSDAdapter variables');
    return { step: 'apply-network-settings' };
  },
  ztidiskpart: (_step, { changed }) => {
    changed('the layout is that of the firmware: give "volumes" for another');
    return { step: 'format-and-partition-disk' };
  },
  ztidrivers: (step, notes, place) =>
    place.phase === undefined || place.phase === 'PREINSTALL' || place.phase === 'POSTINSTALL'
      ? injectDrivers(step, notes, place)
      : leftOut('mass-storage drivers are listed for Windows before Vista only'),
  ztipatches: installUpdatesOffline,
  ztibde: (_step, { changed }, { phase, volumes }) => {
    changed('the options that MDT took from CustomSettings.ini are those of the step');
    if (phase !== 'PREINSTALL' && phase !== 'INSTALL') return { step: 'enable-bitlocker', skipWithoutTpm: true };
    const volume = volumes.find(({ windows }) => windows)?.reference;
    return { step: 'pre-provision-bitlocker', ...optional('volume', volume), skipWithoutTpm: true };
  },
  ztidisablebdeprotectors: () => ({ step: 'disable-bitlocker' }),
  ltisysprep: ({ name }) =>
    /copy/i.test(name) ? leftOut('every Windows of today has sysprep') : { step: 'prepare-windows-for-capture' },
  ztibackup: (_step, { changed }) => {
    changed('where the image goes is said by the variables BackupShare, BackupDir and BackupFile');
    return { step: 'capture-operating-system', destination: '%BackupShare%\\%BackupDir%\\%BackupFile%' };
  },
  ztiuserstate: (step, notes, place) => {
    if (/\/estimate/i.test(step.action)) return leftOut('the size of the user state is not estimated');
    return /\/restore/i.test(step.action) ? restoreUserState(step, notes, place) : captureUserState(step, notes, place);
  },
  ztivalidate: () => ({ step: 'check-readiness' }),
  psdapplications: installApplication,
  ltiapply: (step, notes, place) => {
    if (/\/post/i.test(step.action)) return leftOut('nothing is left to clean up when the image is applied');
    if (/\/pe/i.test(step.action))
      return leftOut('the engine puts its boot environment onto the disk itself when a restart needs it');
    return installOs(step, notes, place);
  },
  ...reasons({
    ztigather: 'variables are gathered by the engine',
    ztibioscheck: 'it compares the BIOS with a list of MDT that is not on the medium: use a condition on Win32_BIOS',
    lticopyscripts: 'the engine takes itself along into the installed Windows',
    ztiwindowsupdate: 'it asks Windows Update or WSUS: put the updates into a package and use Install Software Updates',
    ztitatoo: "it writes MDT's version into the registry",
    ztioptin: 'Windows no longer has a customer experience programme to opt in to',
    ztiwinre: 'Windows sets up its recovery environment by itself, on the recovery volume of the layout',
    ztigroups: 'members of local groups are not migrated: USMT migrates local accounts',
    ztiapplygpopack: 'local group policy packs are files of MDT: use Run Command Line with LGPO.exe',
    ztiappxmlgen: 'lists of associated files are not made for USMT: write a migration XML',
    ztidomainjoin: 'the domain is joined by Apply Network Settings or Join Domain or Workgroup',
    ltisuspend: 'a sequence is not suspended in its middle',
    ztiexecuterunbook: 'it asks a server of System Center Orchestrator',
    ztiosrole: 'roles and features are installed by a command line: DISM or Install-WindowsFeature',
    zticonfigureadds: 'a domain controller is set up by a script of yours: Install-ADDSForest and its like',
    zticonfiguredns: 'DNS is set up by a script of yours: the module DnsServer',
    zticonfiguredhcp: 'DHCP is set up by a script of yours: the module DhcpServer',
    ztisccm: 'it brings the scripts of MDT to the machine, which the engine does not need',
    ztimoveStateStore: 'the store stays where it is',
    ltigetfolder: 'folders are asked for by a variable without a value',
  }),
};

/** The scripts of PowerShell Deployment and the one of MDT that each takes the place of; Applications has a type. */
const PSD_SCRIPTS: Readonly<Record<string, string>> = {
  psdapplyos: 'ltiapply',
  psdapplications: 'psdapplications',
  psdconfigure: 'zticonfigure',
  psddrivers: 'ztidrivers',
  psdgather: 'ztigather',
  psdnextphase: 'ztinextphase',
  psdpartition: 'ztidiskpart',
  psdroleinstall: 'ztiosrole',
  psdtattoo: 'ztitatoo',
  psduserstate: 'ztiuserstate',
  psdvalidate: 'ztivalidate',
  psdwindowsupdate: 'ztiwindowsupdate',
};

/** The name in {@link MDT_SCRIPTS} for a script of PowerShell Deployment, by its file name. */
export function psdScriptOf(file: string): string | undefined {
  return entryOf(PSD_SCRIPTS, file.toLowerCase().replace(/\.ps1$/, ''));
}

/** A command line that starts a script of MDT itself, not one that lies in a folder of somebody's own. */
export function mdtScriptOf(command: string): string | undefined {
  const psd =
    /^\s*"?(?:powershell|pwsh)(?:\.exe)?"?\s[^|&]{0,256}?-file\s+"?(?:%scriptroot%|%deployroot%\\scripts|\.\\scripts?)\\+(psd\w{1,40}\.ps1)\b/i.exec(
      command,
    );
  if (psd !== null) return psdScriptOf(psd[1] ?? '');
  const match =
    /(?:%scriptroot%|%deployroot%\\scripts|%_SMSTSMDataPath%\\scripts|\.\\scripts\\mdt|^\s*(?:cscript\.exe|wscript\.exe)\s+"?scripts)\\+(?:mdt\\+)?((?:zti|lti)\w+)\.wsf/i.exec(
      command,
    );
  const name = match?.[1]?.toLowerCase();
  return name !== undefined && Object.hasOwn(MDT_SCRIPTS, name) ? name : undefined;
}

function reasons(texts: Record<string, string>): Record<string, StepMapper> {
  return Object.fromEntries(Object.entries(texts).map(([name, reason]) => [name.toLowerCase(), () => leftOut(reason)]));
}
