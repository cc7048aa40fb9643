import type { Notes } from '../mapping.ts';

/** Variables of ConfigMgr's own engine that nothing here reads, by what they are for. A `*` stands for any ending. */
const WITHOUT_EFFECT: readonly (readonly [names: string, why: string])[] = [
  ['TSDisableProgressUI TSProgressInfoLevel', 'the screen always says how far the sequence is'],
  ['TSDebugMode TSDebugOnError', 'there is no debugger, but a simulation'],
  [
    'SMSTSDownload* SMSTSPeer* SMSTSPersistContent SMSTSPreserveContent SMSTSLocalDataDrive',
    'content is read from the medium',
  ],
  ['SMSTSMP SMSTSMPListRequest* SMSTSAssignmentsDownload* SMSTSDisableStatusRetry', 'there is no management point'],
  ['SMSTSDriverRequest*', 'no server is asked for drivers'],
  ['SMSTSSoftwareUpdateScan* SMSTSWaitForSecondReboot SMSInstallUpdateTarget', 'no server is asked for updates'],
  ['SMSTSAssignUsersMode SMSTSUDAUsers', 'users are not assigned to machines'],
  [
    'SMSTSRebootDelay SMSTSRebootDelayNext SMSTSRebootMessage',
    'only Restart Computer waits with a message before a restart',
  ],
  ['SetupCompletePause', 'the sequence goes on by a task of Windows, not from SetupComplete'],
  ['SMSTSLanguageFolder', 'the boot environment speaks one language'],
  ['TSErrorOnWarning', 'applications have no requirements that could warn'],
  ['TSUEFIDrive', 'the volume that firmware starts from is known by the layout'],
  ['OSDConvertDiskIndex', 'the disk is chosen by rules'],
  ['OSDBitLockerStartupKey', 'Windows draws the startup key'],
  ['OSDRecoveryKeyPolling*', 'there is no ConfigMgr database for recovery keys'],
  ['OSDStateFallbackToNAA', 'there is no network access account'],
  ['OSDApplyDriverBootCritical*', 'only Windows before Vista needed a mass-storage driver named'],
  ['OSDServerLicense*', 'only Windows before Vista and Server 2008 had a licensing mode'],
  ['OSDBuildStorageDriverList', 'only Windows before Vista had a list of mass-storage drivers'],
];

/** Says in the report where setting a variable changes nothing here. */
export function nameWithoutEffect(name: string, { changed }: Pick<Notes, 'changed'>): void {
  const why = withoutEffect(name);
  if (why !== undefined) changed(`${name} has no effect here: ${why}`);
}

/** Why setting a variable changes nothing here; undefined for every other. */
export function withoutEffect(name: string): string | undefined {
  return WITHOUT_EFFECT.find(([names]) => names.split(' ').some((pattern) => fits(pattern, name)))?.[1];
}

function fits(pattern: string, name: string): boolean {
  const [begin = '', any] = pattern.toLowerCase().split('*');
  return any === undefined ? name.toLowerCase() === begin : name.toLowerCase().startsWith(begin);
}
