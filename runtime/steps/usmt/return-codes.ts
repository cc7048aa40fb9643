export type UsmtReturn = {
  name: string;
  meaning: string;
  hint?: string;
};

const LOG = 'Read the log: it names the file or the rule.';
const STORE =
  'Check that the store can be reached and written by Local System, and that it is none of another version.';
const SPACE = 'Free space on the drive of Windows and in the store.';

/** What ScanState and LoadState end with (Microsoft: "USMT Return Codes"). */
const RETURNS: Readonly<Record<number, UsmtReturn>> = {
  0: { name: 'USMT_SUCCESS', meaning: 'done' },
  1: { name: 'USMT_DISPLAY_HELP', meaning: 'only help was shown', hint: 'Check additionalOptions.' },
  2: {
    name: 'USMT_STATUS_CANCELED',
    meaning: 'it was cancelled, or a file is encrypted by EFS',
    hint: 'Choose in efs what becomes of encrypted files.',
  },
  3: { name: 'USMT_WOULD_HAVE_FAILED', meaning: 'something was skipped', hint: LOG },
  11: { name: 'USMT_INVALID_PARAMETERS', meaning: 'an option is not valid', hint: 'Check additionalOptions.' },
  12: { name: 'USMT_ERROR_OPTION_PARAM_TOO_LARGE', meaning: 'a value is longer than 256 characters' },
  13: { name: 'USMT_INIT_LOGFILE_FAILED', meaning: 'the log cannot be written' },
  14: {
    name: 'USMT_ERROR_USE_LAC',
    meaning: 'a local account of the store does not exist here',
    hint: 'Set localAccounts: true.',
  },
  26: {
    name: 'USMT_INIT_ERROR',
    meaning: 'it could not start, or found none or several Windows',
    hint: 'Name the Windows folder in offlineWindowsFolder.',
  },
  27: { name: 'USMT_INVALID_STORE_LOCATION', meaning: 'the store cannot be used', hint: STORE },
  28: { name: 'USMT_UNABLE_GET_SCRIPTFILES', meaning: 'a migration XML is missing or wrong', hint: LOG },
  29: {
    name: 'USMT_FAILED_MIGSTARTUP',
    meaning: 'it could not begin: too little temporary space, another migration, or a wrong XML',
    hint: 'Free 250 MB for temporary files, or name another folder in the environment variable USMT_WORKING_DIR.',
  },
  31: { name: 'USMT_UNABLE_FINDMIGUNITS', meaning: 'it could not find out what to migrate', hint: LOG },
  32: { name: 'USMT_FAILED_SETMIGRATIONTYPE', meaning: 'the kind of migration could not be set', hint: LOG },
  33: { name: 'USMT_UNABLE_READKEY', meaning: 'the key cannot be read', hint: 'Give a key in encryptionKey.' },
  34: {
    name: 'USMT_ERROR_INSUFFICIENT_RIGHTS',
    meaning: 'the rights do not suffice',
    hint: 'Run as an administrator.',
  },
  35: {
    name: 'USMT_UNABLE_DELETE_STORE',
    meaning: 'the old store cannot be deleted',
    hint: 'Restart the machine, or delete the store by "usmtutils /rd".',
  },
  36: {
    name: 'USMT_ERROR_UNSUPPORTED_PLATFORM',
    meaning: 'this Windows is not supported, or offline does not fit where it runs',
    hint: 'Set offline: true in WinPE, and only there.',
  },
  37: { name: 'USMT_ERROR_NO_INVALID_KEY', meaning: 'this is not the key of the store', hint: 'Check encryptionKey.' },
  38: {
    name: 'USMT_ERROR_CORRUPTED_NOTENCRYPTED_STORE',
    meaning: 'the store cannot be read',
    hint: STORE,
  },
  39: { name: 'USMT_UNABLE_TO_READ_CONFIG_FILE', meaning: 'Config.xml cannot be read', hint: 'Check configFiles.' },
  40: { name: 'USMT_ERROR_UNABLE_CREATE_PROGRESS_LOG', meaning: 'the progress log cannot be written' },
  41: { name: 'USMT_PREFLIGHT_FILE_CREATION_FAILED', meaning: 'a file of the estimate cannot be written' },
  42: {
    name: 'USMT_ERROR_CORRUPTED_STORE',
    meaning: 'files of the store are damaged',
    hint: 'Copy the store again; "usmtutils /verify" names the files.',
  },
  61: {
    name: 'USMT_MIGRATION_STOPPED_NONFATAL',
    meaning: 'a file could not be read or written',
    hint: 'Let it go on: continueOnLockedFiles or continueOnRestore.',
  },
  71: {
    name: 'USMT_INIT_OPERATING_ENVIRONMENT_FAILED',
    meaning: 'a call of Windows failed, most often for lack of space',
    hint: SPACE,
  },
  72: { name: 'USMT_UNABLE_DOMIGRATION', meaning: 'it could not be ended', hint: SPACE },
};

export function usmtReturn(exitCode: number): UsmtReturn {
  return RETURNS[exitCode >>> 0] ?? { name: 'unknown', meaning: 'it failed' };
}
