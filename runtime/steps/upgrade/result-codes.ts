export type SetupResult = { name: string; meaning: string; hint?: string };

export const SCAN_FOUND_NOTHING = 0xc1900210;
/** The generic rollback. */
export const SETUP_PLATFORM = 0xc1900101;

const SPACE = 'Free space on the drive of Windows: 20 GB are asked for.';
const REPORT = 'Read the CompatData files beside the logs: they name what blocks.';
const REQUIREMENTS =
  'Read the CompatData files beside the logs, and compare the machine with what this Windows asks for.';
const SOURCE = 'Build the medium again: its installation files are not whole, or not for this machine.';
const OPTIONS = 'Check additionalOptions: not every setup.exe knows every option.';
const RESTART = 'Restart the machine and run the step again.';
const NOT_OURS = 'Run the step again; a quiet Setup should never get there.';

/**
 * What setup.exe can end with (Microsoft: "Windows Setup Command-Line Options", "Upgrade error codes"). `_CANCEL` and
 * `_TIMEOUT` are for a Setup that asks; a quiet one does not.
 */
const RESULTS: Readonly<Record<number, SetupResult>> = {
  3: { name: 'CONX_SETUP_EXITCODE_CONTINUE_REBOOT', meaning: 'done, a restart goes on with it' },
  5: { name: 'CONX_SETUP_EXITCODE_RESUME_AT_COMPAT_REPORT', meaning: 'something is not compatible', hint: REPORT },
  7: {
    name: 'CONX_SETUP_EXITCODE_AUTO_INSTALL_FAIL',
    meaning: 'this Windows cannot be upgraded to that one',
    hint: REPORT,
  },
  3247440128: { name: 'MOSETUP_E_VERSION_MISMATCH', meaning: 'parts of Setup are of different versions', hint: SOURCE },
  3247440129: {
    name: 'MOSETUP_E_SETUP_PLATFORM',
    meaning: 'the platform of Setup failed, most often by a driver',
    hint: 'Update or remove the drivers that setupact.log names last, and disconnect what is not needed.',
  },
  3247440130: { name: 'MOSETUP_E_SHUTDOWN_BLOCK', meaning: 'the shutdown could not be held up' },
  3247440131: { name: 'MOSETUP_E_COMPAT_TIMEOUT', meaning: 'compatibility was not mended in time', hint: REPORT },
  3247440132: { name: 'MOSETUP_E_PROCESS_TIMEOUT', meaning: 'the installation did not end in time' },
  3247440133: { name: 'MOSETUP_E_TEST_MODE', meaning: 'Setup is in its test mode' },
  3247440134: { name: 'MOSETUP_E_TERMINATE_PROCESS', meaning: 'Setup was ended' },
  3247440135: { name: 'MOSETUP_E_CLEANUP_PENDING', meaning: 'an earlier try is not cleaned up', hint: RESTART },
  3247440136: { name: 'MOSETUP_E_REPORTING', meaning: 'an error while reporting' },
  3247440137: { name: 'MOSETUP_E_COMPAT_TERMINATE', meaning: 'Setup was ended while it looked for what is compatible' },
  3247440138: { name: 'MOSETUP_E_UNKNOWN_CMD_LINE', meaning: 'it does not know one of its options', hint: OPTIONS },
  3247440139: { name: 'MOSETUP_E_INSTALL_IMAGE_NOT_FOUND', meaning: 'the image was not found', hint: SOURCE },
  3247440140: { name: 'MOSETUP_E_AUTOMATION_INVALID', meaning: 'the answers are not valid', hint: OPTIONS },
  3247440141: { name: 'MOSETUP_E_INVALID_CMD_LINE', meaning: 'one of its options is not valid', hint: OPTIONS },
  3247440142: {
    name: 'MOSETUP_E_EULA_ACCEPT_REQUIRED',
    meaning: 'the licence must be accepted',
    hint: 'Set additionalOptions: /EULA Accept.',
  },
  3247440144: { name: 'MOSETUP_E_EULA_CANCEL', meaning: 'cancelled at the licence', hint: NOT_OURS },
  3247440145: { name: 'MOSETUP_E_ADVERTISE_CANCEL', meaning: 'cancelled at the offer', hint: NOT_OURS },
  3247440146: { name: 'MOSETUP_E_TARGET_DRIVE_NOT_FOUND', meaning: 'no drive to install to was found' },
  3247440147: { name: 'MOSETUP_E_EULA_DECLINED', meaning: 'the licence was declined', hint: NOT_OURS },
  3247440158: { name: 'MOSETUP_E_FLIGHTING_BVT', meaning: 'halted for a test' },
  3247440159: { name: 'MOSETUP_E_PROCESS_CRASHED', meaning: 'Setup crashed' },
  3247440160: { name: 'MOSETUP_E_EULA_TIMEOUT', meaning: 'the licence was not accepted in time', hint: NOT_OURS },
  3247440161: { name: 'MOSETUP_E_ADVERTISE_TIMEOUT', meaning: 'the offer was not accepted in time', hint: NOT_OURS },
  3247440162: { name: 'MOSETUP_E_DOWNLOADDISKSPACE_TIMEOUT', meaning: 'too little space to download', hint: SPACE },
  3247440163: { name: 'MOSETUP_E_INSTALLDISKSPACE_TIMEOUT', meaning: 'too little space to install', hint: SPACE },
  3247440164: { name: 'MOSETUP_E_COMPAT_SYSREQ_TIMEOUT', meaning: 'the machine does not suffice', hint: REQUIREMENTS },
  3247440165: {
    name: 'MOSETUP_E_COMPAT_DOWNLOADREQ_TIMEOUT',
    meaning: 'the download was not allowed',
    hint: REQUIREMENTS,
  },
  3247440166: { name: 'MOSETUP_E_GATHER_OS_STATE_SIGNATURE', meaning: 'GatherOsState is not signed', hint: SOURCE },
  3247440167: { name: 'MOSETUP_E_UNINSTALL_ALLOWED_ABORT', meaning: 'ended so that the earlier upgrade can be undone' },
  3247440168: { name: 'MOSETUP_E_MISSING_TASK', meaning: 'a task Setup needs is missing' },
  3247440169: { name: 'MOSETUP_E_UPDATEMEDIA_REQUESTED', meaning: 'a newer Setup goes on' },
  3247440175: { name: 'MOSETUP_E_FINALIZE_ALREADY_REQUESTED', meaning: 'it is being finished already', hint: RESTART },
  3247440176: {
    name: 'MOSETUP_E_INSTALL_HASH_MISSING',
    meaning: 'the hash of this installation is missing',
    hint: SOURCE,
  },
  3247440177: {
    name: 'MOSETUP_E_INSTALL_HASH_MISMATCH',
    meaning: 'the hash of this installation differs',
    hint: SOURCE,
  },
  3247440351: { name: 'MOSETUP_E_DISK_FULL', meaning: 'the disk is full', hint: SPACE },
  3247440352: { name: 'MOSETUP_E_GATHER_OS_STATE_FAILED', meaning: 'GatherOsState could not be run' },
  3247440353: { name: 'MOSETUP_E_PROCESS_SUSPENDED', meaning: 'Setup was suspended', hint: RESTART },
  3247440354: { name: 'MOSETUP_E_PREINSTALL_SCRIPT_FAILED', meaning: 'a preinstall script failed' },
  3247440355: { name: 'MOSETUP_E_PRECOMMIT_SCRIPT_FAILED', meaning: 'a precommit script failed' },
  3247440356: { name: 'MOSETUP_E_FAILURE_SCRIPT_FAILED', meaning: 'a failure script failed' },
  3247440357: { name: 'MOSETUP_E_SCRIPT_TIMEOUT', meaning: 'a script did not end in time' },
  3247440384: { name: 'MOSETUP_E_COMPAT_SYSREQ_BLOCK', meaning: 'the machine does not suffice', hint: REQUIREMENTS },
  3247440385: { name: 'MOSETUP_E_COMPAT_SYSREQ_CANCEL', meaning: 'the machine does not suffice', hint: REQUIREMENTS },
  3247440386: {
    name: 'MOSETUP_E_COMPAT_DOWNLOADREQ_BLOCK',
    meaning: 'the download is not allowed',
    hint: REQUIREMENTS,
  },
  3247440387: {
    name: 'MOSETUP_E_COMPAT_DOWNLOADREQ_CANCEL',
    meaning: 'the download is not allowed',
    hint: REQUIREMENTS,
  },
  3247440388: {
    name: 'MOSETUP_E_COMPAT_MIGCHOICE_BLOCK',
    meaning: 'programs and settings cannot be kept',
    hint: 'Edition, language and architecture must be those of the Windows that runs.',
  },
  3247440389: {
    name: 'MOSETUP_E_COMPAT_MIGCHOICE_CANCEL',
    meaning: 'programs and settings cannot be kept',
    hint: REPORT,
  },
  3247440390: { name: 'MOSETUP_E_COMPAT_DEVICEREQ_BLOCK', meaning: 'a device is not compatible', hint: REPORT },
  3247440391: { name: 'MOSETUP_E_COMPAT_DEVICEREQ_CANCEL', meaning: 'a device is not compatible', hint: REPORT },
  3247440392: {
    name: 'MOSETUP_E_COMPAT_INSTALLREQ_BLOCK',
    meaning: 'a program or a driver is not compatible',
    hint: 'Read the CompatData files beside the logs, and remove or update what they name.',
  },
  3247440393: {
    name: 'MOSETUP_E_COMPAT_INSTALLREQ_CANCEL',
    meaning: 'a program or a driver is not compatible',
    hint: REPORT,
  },
  3247440394: { name: 'MOSETUP_E_COMPAT_RECOVERYREQ_BLOCK', meaning: 'Windows could not be recovered on this machine' },
  3247440395: {
    name: 'MOSETUP_E_COMPAT_RECOVERYREQ_CANCEL',
    meaning: 'Windows could not be recovered on this machine',
  },
  3247440396: { name: 'MOSETUP_E_DOWNLOADDISKSPACE_BLOCK', meaning: 'too little space to download', hint: SPACE },
  3247440397: { name: 'MOSETUP_E_DOWNLOADDISKSPACE_CANCEL', meaning: 'too little space to download', hint: SPACE },
  3247440398: { name: 'MOSETUP_E_INSTALLDISKSPACE_BLOCK', meaning: 'too little space to install', hint: SPACE },
  3247440399: { name: 'MOSETUP_E_INSTALLDISKSPACE_CANCEL', meaning: 'too little space to install', hint: SPACE },
  3247440400: { name: 'MOSETUP_E_COMPAT_SCANONLY', meaning: 'the scan has found nothing against an upgrade' },
  3247440401: { name: 'MOSETUP_E_DOWNLOAD_UNPACK_DISKSPACE_BLOCK', meaning: 'too little space to unpack', hint: SPACE },
  3247440402: {
    name: 'MOSETUP_E_DOWNLOAD_UNPACK_DISKSPACE_MULTIARCH_BLOCK',
    meaning: 'too little space to unpack files of several architectures',
    hint: SPACE,
  },
  3247440403: { name: 'MOSETUP_E_NO_OFFER_FOUND', meaning: 'there is no Windows for this machine' },
  3247440404: {
    name: 'MOSETUP_E_UNSUPPORTED_VERSION',
    meaning: 'this version of Setup is no longer supported',
    hint: SOURCE,
  },
  3247440405: {
    name: 'MOSETUP_E_NO_MATCHING_INSTALL_IMAGE',
    meaning: 'no image of the source is for this Windows',
    hint: 'Name the image in editionIndex.',
  },
  3247440406: { name: 'MOSETUP_E_ROLLBACK_PENDING', meaning: 'a rollback is under way', hint: RESTART },
  3247440416: {
    name: 'MOSETUP_E_COMPAT_REPORT_NOT_DISPLAYED',
    meaning: 'the compatibility report cannot be shown',
    hint: REPORT,
  },
  3247440896: { name: 'MOSETUP_E_UA_VERSION_MISMATCH', meaning: 'the update agent is of another version' },
  3247440897: { name: 'MOSETUP_E_UA_NO_PACKAGES_TO_DOWNLOAD', meaning: 'there is nothing to download' },
  3247440898: { name: 'MOSETUP_E_UA_UPDATE_CANNOT_BE_MERGED', meaning: 'the update cannot be merged' },
  3247440899: { name: 'MOSETUP_E_UA_CORRUPT_PAYLOAD_FILES', meaning: 'the files are damaged', hint: SOURCE },
  3247440900: { name: 'MOSETUP_E_UA_BOX_NOT_FOUND', meaning: 'the installation program was not found', hint: SOURCE },
  3247440901: { name: 'MOSETUP_E_UA_BOX_CRASHED', meaning: 'the installation program ended unexpectedly' },
  2147942405: { name: 'E_ACCESSDENIED', meaning: 'access was denied' },
  2147942432: {
    name: 'ERROR_SHARING_VIOLATION',
    meaning: 'a file is in use',
    hint: 'Close programs, virus scanners above all.',
  },
  2147942512: { name: 'ERROR_DISK_FULL', meaning: 'the disk is full', hint: SPACE },
  2147943714: {
    name: 'ERROR_PRIVILEGE_NOT_HELD',
    meaning: 'the rights do not suffice',
    hint: 'Run as an administrator.',
  },
};

/** What a code of setup.exe says. Takes codes with and without a sign. Pure. */
export function setupResult(exitCode: number): SetupResult & { code: number; shown: string } {
  const code = exitCode >>> 0;
  const shown = code > 0xffff ? `0x${code.toString(16).toUpperCase()}` : String(code);
  return { ...(RESULTS[code] ?? { name: 'unknown', meaning: 'it failed' }), code, shown };
}
