import { z } from 'zod';
import { commaList, SECRET, StateStorePath, UsmtConfigFiles, UsmtPackage } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

type Mode = 'simple' | 'advanced';

export const restoreUserState = defineStep(
  'restore-user-state',
  {
    title: 'Restore User State',
    summary: 'Brings user profiles and settings from the state store into the running Windows by LoadState of USMT.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    package: UsmtPackage,
    mode: z
      .enum(['simple', 'advanced'])
      .default('simple')
      .describe('simple: with the rules of USMT; advanced: by configFiles. OSDMigrateMode overrides it'),
    configFiles: UsmtConfigFiles,
    storePath: StateStorePath,
    encryptionKey: z.string().min(1).max(256).optional().describe('The key the store was encrypted with').meta(SECRET),
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
    verboseLogging: z
      .boolean()
      .default(false)
      .describe('true: everything LoadState does is logged')
      .meta({ variable: 'OSDMigrateEnableVerboseLogging' }),
    hardlink: z.boolean().default(false).describe('true: the store was captured with hardlink'),
    additionalOptions: z
      .string()
      .min(1)
      .optional()
      .describe('Further options of LoadState, as its command line takes them')
      .meta({ variable: 'OSDMigrateAdditionalRestoreOptions' }),
  },
  {
    needs: (options) => ({ packages: [options.package] }),
    fromVariables: (get) => {
      const [mode, files] = [get('OSDMigrateMode'), get('OSDMigrateConfigFiles')];
      return {
        ...(mode !== undefined && { mode: mode.toLowerCase() as Mode }),
        ...(files !== undefined && { configFiles: commaList(files) }),
      };
    },
    problems: ({ hardlink, encryptionKey }) =>
      hardlink && encryptionKey !== undefined ? ['hardlink and encryptionKey exclude each other'] : [],
  },
);
