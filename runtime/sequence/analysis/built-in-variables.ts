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

/** Variables of the whole sequence that the engine reads: what each does here. Unset, they have a default. */
export const READ_VARIABLES: readonly (readonly [names: string, what: string])[] = [
  [
    'SMSTSRebootDelay',
    'Seconds that are counted down before a restart in the middle or at the end of a sequence. By default none. A delay of `restart-computer` goes before it',
  ],
  ['SMSTSRebootDelayNext', 'Takes the place of `SMSTSRebootDelay` after the first restart'],
  [
    'SMSTSRebootMessage',
    'What is said of the restart, on the console and in the log. A message of `restart-computer` goes before it',
  ],
  [
    'SMSTSRebootRequested',
    '`HD`, `WinPE`, or `true` for where the sequence is: the machine restarts into it when the step that set it has ended well',
  ],
  ['SMSTSRetryRequested', '`true`: after that restart its step runs once more'],
  ['SMSTSErrorDialogTimeout', 'Seconds that the screen of a failure stays: 900; 0 waits without end'],
  ['SMSTSPostAction', 'A command line that is run when the sequence has ended well'],
  [
    'SMSTSPreferredAdvertID',
    'The id of the sequence that is started without a choice. Read when a sequence is chosen: a step sets it too late',
  ],
  ['TSDisableProgressUI', '`true`: the screen does not show steps and progress until it is `false` or deleted'],
  [
    'TSProgressInfoLevel',
    '1: steps as `2/10`, as without it; 2: with the percentage of the steps; 3: that percentage alone',
  ],
  ['OSDDoNotLogCommand', '`true`: neither log nor errors show the command lines of the author’s programs'],
  ['OSDLogPowerShellParameters', '`true`: the log shows the parameters of `run-powershell-script`'],
  [
    'SMSTSRunCommandLineAsUser SMSTSRunCommandLineUserName SMSTSRunCommandLineUserPassword',
    'Instead of `runAs` of `run-command-line`',
  ],
  [
    'SMSTSRunPowerShellAsUser SMSTSRunPowerShellUserName SMSTSRunPowerShellUserPassword',
    'Instead of `runAs` of `run-powershell-script`',
  ],
  ['SMSTSDisableWow64Redirection', 'Taken, and makes no difference: `mediasmith.exe` is a 64-bit program'],
  ['WorkingDirectory', 'The folder in which `run-command-line` starts its program'],
];

/** Those that have a default in ConfigMgr, and no effect here. */
const UNREAD = `SetupCompletePause SMSTSAssignmentsDownloadInterval SMSTSAssignmentsDownloadRetry SMSTSAssignUsersMode
  SMSTSDisableStatusRetry SMSTSDownloadAbortCode SMSTSDownloadProgram SMSTSDownloadRetryCount SMSTSDownloadRetryDelay
  SMSTSDriverRequestConnectTimeOut SMSTSDriverRequestReceiveTimeOut SMSTSDriverRequestResolveTimeOut
  SMSTSDriverRequestSendTimeOut SMSTSLanguageFolder SMSTSLocalDataDrive SMSTSMP SMSTSMPListRequestTimeout
  SMSTSMPListRequestTimeoutEnabled SMSTSPeerDownload SMSTSPeerRequestPort SMSTSPersistContent SMSTSPreserveContent
  SMSTSSoftwareUpdateScanTimeout SMSTSUDAUsers SMSTSWaitForSecondReboot TSDebugMode TSDebugOnError TSErrorOnWarning
  TSUEFIDrive`;

export const BUILT_IN_VARIABLES: readonly string[] = [
  ...OF_WINPE,
  ...[OF_THE_ENGINE, ...READ_VARIABLES.map(([names]) => names), UNREAD].join(' ').split(/\s+/),
];

/** Those that have a value on a medium that boots this; all of them where that is not known. */
export function builtInVariables(boots: 'linux' | 'winpe' | undefined): readonly string[] {
  return boots === 'linux' ? BUILT_IN_VARIABLES.filter((name) => !OF_WINPE.includes(name)) : BUILT_IN_VARIABLES;
}
