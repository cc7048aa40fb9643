import { flag, leftOut, type Notes, optional, type PlainStep, type StepMapper, whole } from '../mapping.ts';
import { type SourceVariable, textOf } from '../model.ts';

export const captureUserState: StepMapper = ({ variables }, notes) => {
  const on = (name: string): boolean => flag(textOf(variables, name));
  const id = textOf(variables, '_OSDMigrateUsmtPackageID');
  if (id === '') return leftOut('it names no USMT package');
  const [hardlink, offline, skip] = [
    on('_OSDMigrateUseHardlinks'),
    on('_OSDMigrateOfflineUserState'),
    on('OSDMigrateSkipEncryptedFiles'),
  ];
  const vss = /vss|shadow/i.test(textOf(variables, 'OSDMigrateFileAccess'));
  const excluded = vss && (hardlink || offline || skip);
  if (excluded) notes.changed('no shadow copy is used: ScanState does not take it together with its other options');
  return {
    step: 'capture-user-state',
    package: notes.supply('package', id),
    ...modeFields(variables),
    ...(on('OSDMigrateEnableVerboseLogging') && { verboseLogging: true }),
    ...(skip && { efs: 'skip' }),
    ...(textOf(variables, 'OSDMigrateContinueOnLockedFiles') !== '' &&
      !on('OSDMigrateContinueOnLockedFiles') && { continueOnLockedFiles: false }),
    ...(vss && !excluded && { vss: true }),
    ...(hardlink && { hardlink: true }),
    ...(offline && { offline: true }),
  };
};

export const restoreUserState: StepMapper = ({ variables }, notes) => {
  const on = (name: string): boolean => flag(textOf(variables, name));
  const id = textOf(variables, '_OSDMigrateUsmtRestorePackageID');
  if (id === '') return leftOut('it names no USMT package');
  const local = on('OSDMigrateLocalAccounts');
  return {
    step: 'restore-user-state',
    package: notes.supply('package', id),
    ...modeFields(variables),
    ...(local && {
      localAccounts: true,
      localAccountPassword: notes.password('localAccountPassword', 'OSDMigrateLocalAccountPassword'),
    }),
    ...(textOf(variables, 'OSDMigrateContinueOnRestore') !== '' &&
      !on('OSDMigrateContinueOnRestore') && { continueOnRestore: false }),
    ...(on('OSDMigrateEnableVerboseLogging') && { verboseLogging: true }),
  };
};

export const requestStateStore: StepMapper = ({ variables, action }, notes) => {
  const type = textOf(variables, 'OSDStateRequestType') || (/\/restore/i.test(action) ? 'restore' : 'capture');
  withoutMigrationPoint(notes);
  if (flag(textOf(variables, 'OSDStateFallbackToNAA')))
    notes.changed('there is no network access account: a share that needs one has it in "account"');
  const [retryCount, retrySeconds] = ['OSDStateSMPRetryCount', 'OSDStateSMPRetryTime'].map((name) =>
    whole(textOf(variables, name)),
  );
  return {
    step: 'request-state-store',
    requestType: /restore/i.test(type) ? 'restore' : 'capture',
    ...optional('retryCount', retryCount),
    ...optional('retrySeconds', retrySeconds),
  };
};

export const releaseStateStore: StepMapper = (_step, notes) => {
  withoutMigrationPoint(notes);
  return { step: 'release-state-store' };
};

function withoutMigrationPoint({ changed }: Notes): void {
  changed(
    'there is no state migration point: the store is a folder, on the local disk unless OSDStateStorePath names another',
  );
}

function modeFields(variables: readonly SourceVariable[]): Omit<PlainStep, 'step'> {
  if (!/^advanced$/i.test(textOf(variables, 'OSDMigrateMode'))) return {};
  const files = textOf(variables, 'OSDMigrateConfigFiles')
    .split(',')
    .map((file) => file.trim());
  const named = files.filter((file) => file !== '');
  return { mode: 'advanced', ...(named.length > 0 && { configFiles: named }) };
}
