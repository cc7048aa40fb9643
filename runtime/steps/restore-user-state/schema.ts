import { z } from 'zod';
import { isTrue, SECRET, StateStorePath } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';
import {
  UsmtConfigFiles,
  UsmtPackage,
  usmtAdditionalOptions,
  usmtEncryptionKey,
  usmtFromVariables,
  usmtMode,
  usmtVerboseLogging,
} from '../../contract/usmt-fields.ts';

export const restoreUserState = defineStep(
  'restore-user-state',
  {
    title: 'Restore User State',
    summary: 'Brings user profiles and settings from the state store into the running Windows by LoadState of USMT.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
    failsWhatever: 'the store may be deleted next, and continueOnRestore skips what cannot be written',
  },
  {
    package: UsmtPackage,
    mode: usmtMode('with the rules of USMT'),
    configFiles: UsmtConfigFiles,
    storePath: StateStorePath,
    encryptionKey: usmtEncryptionKey('The key the store was encrypted with'),
    localAccounts: z
      .boolean()
      .default(false)
      .describe('true: local accounts of the store are made where Windows has none of that name')
      .meta({ variable: 'OSDMigrateLocalAccounts' }),
    localAccountPassword: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The password of all accounts that are made; with one they are enabled')
      .meta({ variable: 'OSDMigrateLocalAccountPassword', ...SECRET }),
    continueOnRestore: z
      .boolean()
      .default(true)
      .describe('true: what cannot be restored is skipped')
      .meta({ variable: 'OSDMigrateContinueOnRestore' }),
    verboseLogging: usmtVerboseLogging('LoadState'),
    hardlink: z
      .boolean()
      .default(false)
      .describe('true: the store was captured with hardlink; a capture in the same run says so itself'),
    additionalOptions: usmtAdditionalOptions('LoadState', 'OSDMigrateAdditionalRestoreOptions'),
  },
  {
    needs: (options) => ({ packages: [options.package] }),
    fromVariables: (get) => ({
      ...usmtFromVariables(get),
      ...(isTrue(get('_OSDMigrateUseHardlinks')) && { hardlink: true }),
    }),
    problems: ({ hardlink, encryptionKey }) =>
      hardlink && encryptionKey !== undefined ? ['hardlink and encryptionKey exclude each other'] : [],
  },
);
