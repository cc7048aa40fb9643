/**
 * Variables of ConfigMgr that have a value without anybody setting it in the sequence (Microsoft: "Task sequence
 * variables"). Those that need a server or a client agent are left out: on a medium of its own nothing sets them. A name
 * that ends in `*` stands for all that begin so.
 */
const OF_THE_ENGINE = `_OSDDetectedWinDir _OSDDetectedWinDrive _SMSTSAppInstallNeedsRetry _SMSTSAssetTag _SMSTSDefaultGateways
  _SMSTSIPAddresses _SMSTSMacAddresses _SMSTSMake _SMSTSModel _SMSTSSerialNumber _SMSTSUUID _SMSTSBootImageID _SMSTSBootUEFI
  _SMSTSClientCache _SMSTSCurrentActionName _SMSTSDownloadOnDemand _SMSTSRunFromDP _SMSTSInWinPE _SMSTSLastActionName
  _SMSTSLastActionRetCode _SMSTSLastActionSucceeded _SMSTSLastContentDownloadLocation _SMSTSLaunchMode _SMSTSLogPath
  _SMSTSMachineName _SMSTSMDataPath _SMSTSMediaType _SMSTSOrgName _SMSTSOSUpgradeActionReturnCode _SMSTSPackageID
  _SMSTSPackageName _SMSTSSetupRollback _SMSTSStandAloneMode _SMSTSTimezone _SMSTSType _SMSTSWTG _TS_CR*
  _TSAppInstallStatus _TSSecureBoot`;

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

export const BUILT_IN_VARIABLES: readonly string[] = `${OF_THE_ENGINE} ${WITH_DEFAULTS}`.split(/\s+/);
