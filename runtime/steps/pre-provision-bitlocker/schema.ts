import { EncryptFullDisk, EncryptionMethod, SkipWithoutTpm, WindowsVolumeName } from '../../contract/option-fields.ts';
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
    volume: WindowsVolumeName,
    skipWithoutTpm: SkipWithoutTpm,
    encryptFullDisk: EncryptFullDisk,
    encryptionMethod: EncryptionMethod,
  },
);
