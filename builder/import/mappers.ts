import { commandOf, runCommandLine } from './configmgr/command-line.ts';
import * as disks from './configmgr/disks.ts';
import { applyDriverPackage, autoApplyDrivers } from './configmgr/drivers.ts';
import { setDynamicVariables } from './configmgr/dynamic-variables.ts';
import * as general from './configmgr/general.ts';
import * as images from './configmgr/images.ts';
import * as settings from './configmgr/settings.ts';
import * as software from './configmgr/software.ts';
import * as userState from './configmgr/user-state.ts';
import { entryOf } from './entry-of.ts';
import { leftOut, type StepMapper } from './mapping.ts';
import * as mdt from './mdt/content.ts';
import { MDT_SCRIPTS, mdtScriptOf, psdScriptOf } from './mdt/scripts.ts';
import { type SourceStep, textOf } from './model.ts';

/** What reads a step of this type; for a type nobody knows, one that says so. */
export function mapperOf({ type }: SourceStep): StepMapper {
  const key = type
    .replace(/^SMS_TaskSequence_/i, '')
    .replace(/Action$/i, '')
    .toLowerCase();
  return entryOf(MAPPERS, key) ?? (() => leftOut(`the type ${type} is not known here`));
}

/** A command line may start one of MDT's scripts, which has a step of its own here. */
const commandLine: StepMapper = (step, notes, place) => {
  const script = mdtScriptOf(commandOf(step).command);
  const mapper = script === undefined ? runCommandLine : (entryOf(MDT_SCRIPTS, script) ?? runCommandLine);
  return mapper(step, notes, place);
};

/** PowerShell Deployment puts scripts of its own into this step, which take the place of MDT's. */
const powershell: StepMapper = (step, notes, place) => {
  const name = psdScriptOf(textOf(step.variables, 'ScriptName').replace(/^%scriptroot%\\+/i, ''));
  const mapper = name === undefined ? mdt.runPowershell : (entryOf(MDT_SCRIPTS, name) ?? mdt.runPowershell);
  return mapper(step, notes, place);
};

const script = (name: string): StepMapper => {
  const mapper = entryOf(MDT_SCRIPTS, name);
  if (mapper === undefined) throw new Error(`no such script: ${name}`);
  return mapper;
};

/** By the type without `SMS_TaskSequence_` and `Action`, in lower case. */
const MAPPERS: Readonly<Record<string, StepMapper>> = {
  '': commandLine,
  runcommandline: commandLine,
  runpowershellscript: general.runPowershellScript,
  setvariable: general.setVariable,
  setdynamicvariables: setDynamicVariables,
  prestartcheck: general.checkReadiness,
  reboot: general.restartComputer,
  subtasksequence: general.runSequence,
  downloadpackagecontent: general.downloadPackageContent,
  connectnetworkfolder: settings.connectNetworkFolder,
  joindomainworkgroup: settings.joinDomainOrWorkgroup,
  applywindowssettings: settings.applyWindowsSettings,
  applynetworksettings: settings.applyNetworkSettings,
  capturewindowssettings: settings.captureWindowsSettings,
  capturenetworksettings: settings.captureNetworkSettings,
  partitiondisk: disks.partitionDisk,
  convertdisk: disks.convertDisk,
  enablebitlocker: disks.enableBitlocker,
  disablebitlocker: disks.disableBitlocker,
  offlineenablebitlocker: disks.preProvisionBitlocker,
  applyoperatingsystem: images.applyOperatingSystem,
  applydataimage: images.applyDataImage,
  capturesystemimage: images.captureSystemImage,
  prepareos: images.prepareOs,
  setupwindowsandsms: images.setupWindows,
  autoapply: autoApplyDrivers,
  applydriverpackage: applyDriverPackage,
  requeststatestore: userState.requestStateStore,
  releasestatestore: userState.releaseStateStore,
  captureuserstate: userState.captureUserState,
  restoreuserstate: userState.restoreUserState,
  installapplication: software.installApplication,
  installsoftware: software.installSoftware,
  installupdate: software.installUpdates,
  upgradeoperatingsystem: software.upgradeOperatingSystem,
  installdeploytools: () => leftOut('every Windows of today has sysprep'),
  preparesmsclient: () => leftOut('there is no ConfigMgr client to prepare: the engine leaves nothing in the image'),
  bdd_gather: script('ztigather'),
  bdd_validate: mdt.validate,
  bdd_injectdrivers: mdt.injectDrivers,
  bdd_installos: mdt.installOs,
  bdd_installapplication: mdt.installApplication,
  bdd_installupdatesoffline: mdt.installUpdatesOffline,
  bdd_installlanguagepacksoffline: mdt.installUpdatesOffline,
  bdd_installlanguagepacksonline: mdt.installUpdatesOffline,
  bdd_runpowershell: powershell,
  bdd_installroles: mdt.featuresLeftOut,
  bdd_uninstallroles: mdt.featuresLeftOut,
  bdd_configureadds: script('zticonfigureadds'),
  bdd_configuredns: script('zticonfiguredns'),
  bdd_configuredhcp: script('zticonfiguredhcp'),
  bdd_usepackage: script('ztisccm'),
  bdd_executerunbook: script('ztiexecuterunbook'),
  bdd_recoverdomainjoin: mdt.recoverDomainJoin,
};
