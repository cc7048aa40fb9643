import { applyDataImage } from './apply-data-image/schema.ts';
import { applyDriverPackage } from './apply-driver-package/schema.ts';
import { applyNetworkSettings } from './apply-network-settings/schema.ts';
import { applyOperatingSystem } from './apply-operating-system/schema.ts';
import { applyWindowsSettings } from './apply-windows-settings/schema.ts';
import { captureNetworkSettings } from './capture-network-settings/schema.ts';
import { captureOperatingSystem } from './capture-operating-system/schema.ts';
import { captureUserState } from './capture-user-state/schema.ts';
import { captureWindowsSettings } from './capture-windows-settings/schema.ts';
import { checkReadiness } from './check-readiness/schema.ts';
import { connectNetworkFolder } from './connect-network-folder/schema.ts';
import { convertDiskToDynamic } from './convert-disk-to-dynamic/schema.ts';
import { disableBitlocker } from './disable-bitlocker/schema.ts';
import { enableBitlocker } from './enable-bitlocker/schema.ts';
import { formatAndPartitionDisk } from './format-and-partition-disk/schema.ts';
import { installApplication } from './install-application/schema.ts';
import { installPackage } from './install-package/schema.ts';
import { installUpdates } from './install-updates/schema.ts';
import { joinDomainOrWorkgroup } from './join-domain-or-workgroup/schema.ts';
import { preProvisionBitlocker } from './pre-provision-bitlocker/schema.ts';
import { prepareWindowsForCapture } from './prepare-windows-for-capture/schema.ts';
import { releaseStateStore } from './release-state-store/schema.ts';
import { requestStateStore } from './request-state-store/schema.ts';
import { restartComputer } from './restart-computer/schema.ts';
import { restoreUserState } from './restore-user-state/schema.ts';
import { runCommandLine } from './run-command-line/schema.ts';
import { runPowershellScript } from './run-powershell-script/schema.ts';
import { runSequence } from './run-sequence/schema.ts';
import { setDynamicVariables } from './set-dynamic-variables/schema.ts';
import { setVariable } from './set-variable/schema.ts';
import { setupWindows } from './setup-windows/schema.ts';
import { stageContent } from './stage-content/schema.ts';
import { upgradeOperatingSystem } from './upgrade-operating-system/schema.ts';

/** Every step there is. A new one is a folder, a line here and a line in `index.ts` beside this file. */
export const STEP_DEFINITIONS = [
  checkReadiness,
  formatAndPartitionDisk,
  convertDiskToDynamic,
  preProvisionBitlocker,
  applyOperatingSystem,
  applyDataImage,
  applyWindowsSettings,
  applyNetworkSettings,
  applyDriverPackage,
  setupWindows,
  installUpdates,
  installPackage,
  installApplication,
  enableBitlocker,
  disableBitlocker,
  joinDomainOrWorkgroup,
  captureWindowsSettings,
  captureNetworkSettings,
  requestStateStore,
  captureUserState,
  restoreUserState,
  releaseStateStore,
  upgradeOperatingSystem,
  prepareWindowsForCapture,
  captureOperatingSystem,
  setVariable,
  setDynamicVariables,
  runCommandLine,
  runPowershellScript,
  stageContent,
  connectNetworkFolder,
  runSequence,
  restartComputer,
] as const;

export type StepType = (typeof STEP_DEFINITIONS)[number]['type'];
