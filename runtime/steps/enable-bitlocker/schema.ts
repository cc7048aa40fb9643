import { z } from 'zod';
import {
  DriveLetter,
  EncryptFullDisk,
  EncryptionMethod,
  SECRET,
  SkipWithoutTpm,
} from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const enableBitlocker = defineStep(
  'enable-bitlocker',
  {
    title: 'Enable BitLocker',
    summary: 'Protects a drive of the running Windows and encrypts it.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: false,
  },
  {
    drive: DriveLetter.optional().describe('The drive; by default the one of the running Windows'),
    mode: z
      .enum(['tpm', 'key', 'tpm-and-key', 'tpm-and-pin'])
      .default('tpm')
      .describe('What opens it when the machine starts; key: a startup key on a USB drive'),
    startupKeyDrive: DriveLetter.optional().describe(
      'key: the drive that receives the startup key; by default the first USB drive',
    ),
    pin: z
      .string()
      .max(255)
      .optional()
      .describe('tpm-and-pin: the PIN')
      .meta({ variable: 'OSDBitLockerPIN', ...SECRET }),
    recoveryKey: z
      .enum(['active-directory', 'none'])
      .default('active-directory')
      .describe('Where the recovery key is kept; none: no recovery password is made'),
    recoveryPassword: z
      .string()
      .min(1)
      .optional()
      .describe('This recovery password instead of a random one')
      .meta({ variable: 'OSDBitLockerRecoveryPassword', ...SECRET }),
    encryptionMethod: EncryptionMethod,
    encryptFullDisk: EncryptFullDisk,
    waitForEncryption: z.boolean().default(false).describe('true: the step ends when everything is encrypted'),
    skipWithoutTpm: SkipWithoutTpm,
  },
  {
    problems: ({ mode, startupKeyDrive, pin }) => [
      ...(/key/.test(mode) || startupKeyDrive === undefined
        ? []
        : [`startupKeyDrive needs mode key or tpm-and-key, not ${mode}`]),
      ...(mode === 'tpm-and-pin' || pin === undefined ? [] : [`pin needs mode tpm-and-pin, not ${mode}`]),
    ],
  },
);
