import type { StepOptions } from '../sequence/schema.ts';
import { runApplyDataImage } from './apply-data-image/run.ts';
import { runApplyDriverPackage } from './apply-driver-package/run.ts';
import { runApplyNetworkSettings } from './apply-network-settings/run.ts';
import { handOverOperatingSystem, runApplyOperatingSystem } from './apply-operating-system/run.ts';
import { runApplyWindowsSettings } from './apply-windows-settings/run.ts';
import { runCaptureNetworkSettings } from './capture-network-settings/run.ts';
import { runCaptureOperatingSystem } from './capture-operating-system/run.ts';
import { runCaptureUserState } from './capture-user-state/run.ts';
import { runCaptureWindowsSettings } from './capture-windows-settings/run.ts';
import { runCheckReadiness } from './check-readiness/run.ts';
import { runConnectNetworkFolder } from './connect-network-folder/run.ts';
import type { HandOver, Run } from './context.ts';
import { runConvertDiskToDynamic } from './convert-disk-to-dynamic/run.ts';
import { runDisableBitlocker } from './disable-bitlocker/run.ts';
import { runEnableBitlocker } from './enable-bitlocker/run.ts';
import { runFormatAndPartitionDisk } from './format-and-partition-disk/run.ts';
import { runInstallApplication } from './install-application/run.ts';
import { runInstallPackage } from './install-package/run.ts';
import { runInstallUpdates } from './install-updates/run.ts';
import { runJoinDomainOrWorkgroup } from './join-domain-or-workgroup/run.ts';
import { runPreProvisionBitlocker } from './pre-provision-bitlocker/run.ts';
import { runPrepareWindowsForCapture } from './prepare-windows-for-capture/run.ts';
import { runReleaseStateStore } from './release-state-store/run.ts';
import { runRequestStateStore } from './request-state-store/run.ts';
import { runRestartComputer } from './restart-computer/run.ts';
import { runRestoreUserState } from './restore-user-state/run.ts';
import { runRunCommandLine } from './run-command-line/run.ts';
import { runRunPowershellScript } from './run-powershell-script/run.ts';
import { runRunSequence } from './run-sequence/run.ts';
import type { StepType } from './schema.ts';
import { runSetDynamicVariables } from './set-dynamic-variables/run.ts';
import { runSetVariable } from './set-variable/run.ts';
import { runSetupWindows } from './setup-windows/run.ts';
import { runStageContent } from './stage-content/run.ts';
import { runUpgradeOperatingSystem } from './upgrade-operating-system/run.ts';

/** The deed of every step. One that is missing here does not compile. */
export const runners = {
  'check-readiness': runCheckReadiness,
  'format-and-partition-disk': runFormatAndPartitionDisk,
  'convert-disk-to-dynamic': runConvertDiskToDynamic,
  'pre-provision-bitlocker': runPreProvisionBitlocker,
  'apply-operating-system': runApplyOperatingSystem,
  'apply-data-image': runApplyDataImage,
  'apply-windows-settings': runApplyWindowsSettings,
  'apply-network-settings': runApplyNetworkSettings,
  'apply-driver-package': runApplyDriverPackage,
  'setup-windows': runSetupWindows,
  'install-updates': runInstallUpdates,
  'install-package': runInstallPackage,
  'install-application': runInstallApplication,
  'enable-bitlocker': runEnableBitlocker,
  'disable-bitlocker': runDisableBitlocker,
  'join-domain-or-workgroup': runJoinDomainOrWorkgroup,
  'capture-windows-settings': runCaptureWindowsSettings,
  'capture-network-settings': runCaptureNetworkSettings,
  'request-state-store': runRequestStateStore,
  'capture-user-state': runCaptureUserState,
  'restore-user-state': runRestoreUserState,
  'release-state-store': runReleaseStateStore,
  'upgrade-operating-system': runUpgradeOperatingSystem,
  'prepare-windows-for-capture': runPrepareWindowsForCapture,
  'capture-operating-system': runCaptureOperatingSystem,
  'set-variable': runSetVariable,
  'set-dynamic-variables': runSetDynamicVariables,
  'run-command-line': runRunCommandLine,
  'run-powershell-script': runRunPowershellScript,
  'stage-content': runStageContent,
  'connect-network-folder': runConnectNetworkFolder,
  'run-sequence': runRunSequence,
  'restart-computer': runRestartComputer,
} satisfies { [Type in StepType]: Run<StepOptions<Type>> };

/** What steps do when the disk is made to start, for those that register something for it. */
export const handOvers: { readonly [Type in StepType]?: HandOver } = {
  'apply-operating-system': handOverOperatingSystem,
};
