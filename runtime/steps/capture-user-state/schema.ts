import { z } from 'zod';
import { isTrue, StateStorePath } from '../../contract/option-fields.ts';
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

export const captureUserState = defineStep(
  'capture-user-state',
  {
    title: 'Capture User State',
    summary: 'Saves user profiles and settings to the state store by ScanState of USMT.',
    runsOn: ['winpe', 'windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
    failsWhatever: 'what is not in the store may be erased next, and continueOnLockedFiles skips what cannot be read',
  },
  {
    package: UsmtPackage,
    mode: usmtMode('all profiles with the rules of USMT'),
    configFiles: UsmtConfigFiles,
    storePath: StateStorePath,
    encryptionKey: usmtEncryptionKey('Encrypts the store by AES-256 with this key; restoring it needs the same'),
    verboseLogging: usmtVerboseLogging('ScanState'),
    efs: z
      .enum(['copyraw', 'skip', 'decryptcopy', 'hardlink', 'abort'])
      .optional()
      .describe(
        'Files encrypted by EFS; by default hardlink with hardlink, else copyraw. OSDMigrateSkipEncryptedFiles true is skip',
      ),
    continueOnLockedFiles: z
      .boolean()
      .default(true)
      .describe('true: files that cannot be read are skipped')
      .meta({ variable: 'OSDMigrateContinueOnLockedFiles' }),
    vss: z.boolean().default(false).describe('true: files are copied from a shadow copy of the volume'),
    hardlink: z
      .boolean()
      .default(false)
      .describe('true: files stay where they are and the store links to them; it must lie on the same volume'),
    offline: z.boolean().default(false).describe('true: from a Windows that is not running'),
    offlineWindowsFolder: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('offline: the Windows folder; by default the one that was found when the boot environment started'),
    additionalOptions: usmtAdditionalOptions('ScanState', 'OSDMigrateAdditionalCaptureOptions'),
  },
  {
    needs: (options) => ({ packages: [options.package] }),
    sets: () => ['_OSDMigrateUseHardlinks', '_SMSTSUserStatePath'],
    fromVariables: (get) => ({
      ...usmtFromVariables(get),
      ...(isTrue(get('OSDMigrateSkipEncryptedFiles')) && { efs: 'skip' as const }),
    }),
    problems: ({ vss, hardlink, offline, offlineWindowsFolder, encryptionKey, efs }) => {
      const wrong: [boolean, string][] = [
        [vss && hardlink, 'vss and hardlink exclude each other'],
        [vss && offline, 'vss and offline exclude each other'],
        [vss && efs !== undefined, 'vss and efs exclude each other'],
        [hardlink && encryptionKey !== undefined, 'hardlink and encryptionKey exclude each other'],
        [efs === 'hardlink' && !hardlink, 'efs hardlink needs hardlink: true'],
        [!offline && offlineWindowsFolder !== undefined, 'offlineWindowsFolder needs offline: true'],
      ];
      return wrong.filter(([holds]) => holds).map(([, problem]) => problem);
    },
  },
);
