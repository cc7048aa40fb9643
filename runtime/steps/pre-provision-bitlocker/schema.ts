import { z } from 'zod';
import { EncryptionMethod } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const preProvisionBitlocker = defineStep(
  'pre-provision-bitlocker',
  {
    title: 'Pre-provision BitLocker',
    summary: 'Encrypts a formatted volume before Windows is applied to it; Enable BitLocker protects it later.',
    runsOn: ['winpe'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    volume: z
      .string()
      .min(1)
      .default('Windows')
      .describe('The name of a volume that Format and Partition Disk has made, or %variable% with what names it'),
    skipWithoutTpm: z
      .boolean()
      .default(false)
      .describe('true: nothing is done, and nothing fails, on a machine without an enabled TPM'),
    encryptFullDisk: z.boolean().default(false).describe('true: unused space is encrypted too'),
    encryptionMethod: EncryptionMethod.optional().describe('How it is encrypted; by default as Windows chooses'),
  },
);
