/**
 * Variables of ConfigMgr that have a value without a step that sets them (Microsoft: "Task sequence variables"). Those
 * that need a server or a client agent are left out, and those that say how content was downloaded: on a medium of its
 * own nothing sets them.
 */
const OF_THE_ENGINE = `_SMSTSAssetTag _SMSTSDefaultGateways _SMSTSIPAddresses _SMSTSMacAddresses _SMSTSMake _SMSTSModel
  _SMSTSSerialNumber _SMSTSUUID _SMSTSBootUEFI _SMSTSCurrentActionName _SMSTSInWinPE _SMSTSLastActionName
  _SMSTSLastActionRetCode _SMSTSLastActionSucceeded _SMSTSLaunchMode _SMSTSLogPath _SMSTSMachineName _SMSTSMDataPath
  _SMSTSMediaType _SMSTSOrgName _SMSTSPackageID _SMSTSPackageName _SMSTSStandAloneMode _SMSTSType _SMSTSWTG
  _SMSTSTimezone _TSSecureBoot`;

/** Those that only a medium with WinPE gives a value. */
const OF_WINPE = ['_OSDDetectedWinDir', '_OSDDetectedWinDrive', '_SMSTSBootImageID'];

/** Those a sequence may set; unset, they have a default. */
const WITH_DEFAULTS = `OSDDoNotLogCommand OSDLogPowerShellParameters SetupCompletePause SMSTSAssignmentsDownloadInterval
  SMSTSAssignmentsDownloadRetry SMSTSAssignUsersMode SMSTSDisableStatusRetry SMSTSDisableWow64Redirection
  SMSTSDownloadAbortCode SMSTSDownloadProgram SMSTSDownloadRetryCount SMSTSDownloadRetryDelay SMSTSDriverRequestConnectTimeOut
  SMSTSDriverRequestReceiveTimeOut SMSTSDriverRequestResolveTimeOut SMSTSDriverRequestSendTimeOut SMSTSErrorDialogTimeout
  SMSTSLanguageFolder SMSTSLocalDataDrive SMSTSMP SMSTSMPListRequestTimeout SMSTSMPListRequestTimeoutEnabled
  SMSTSPeerDownload SMSTSPeerRequestPort SMSTSPersistContent SMSTSPostAction SMSTSPreferredAdvertID SMSTSPreserveContent
  SMSTSRebootDelay SMSTSRebootDelayNext SMSTSRebootMessage SMSTSRebootRequested SMSTSRetryRequested
  SMSTSRunCommandLineAsUser SMSTSRunCommandLineUserName SMSTSRunCommandLineUserPassword SMSTSRunPowerShellAsUser
  SMSTSRunPowerShellUserName SMSTSRunPowerShellUserPassword SMSTSSoftwareUpdateScanTimeout SMSTSUDAUsers
  SMSTSWaitForSecondReboot TSDebugMode TSDebugOnError TSDisableProgressUI TSErrorOnWarning TSProgressInfoLevel TSUEFIDrive
  WorkingDirectory`;

export const BUILT_IN_VARIABLES: readonly string[] = [...OF_WINPE, ...`${OF_THE_ENGINE} ${WITH_DEFAULTS}`.split(/\s+/)];

/** Those that have a value on a medium that boots this; all of them where that is not known. */
export function builtInVariables(boots: 'linux' | 'winpe' | undefined): readonly string[] {
  return boots === 'linux' ? BUILT_IN_VARIABLES.filter((name) => !OF_WINPE.includes(name)) : BUILT_IN_VARIABLES;
}
