import { needMbr } from '../../../runtime/contract/volume-rules.ts';
import { flag, optional, type StepMapper, whole } from '../mapping.ts';
import { textOf } from '../model.ts';
import { layoutOf } from './layout.ts';
import { targetVolume } from './target-volume.ts';

export const partitionDisk: StepMapper = (step, { changed }) => {
  const get = (name: string): string => textOf(step.variables, name);
  const index = whole(get('OSDDiskIndex')) ?? 0;
  changed(diskRemark(index));
  const volumes = layoutOf(step, changed);
  const given = get('OSDPartitionStyle').toLowerCase();
  const style = given === '' && needMbr(volumes) ? 'mbr' : given;
  if (style !== given) changed('the style is MBR: volumes of its types exist on no other disk');
  return {
    step: 'format-and-partition-disk',
    ...(['gpt', 'mbr'].includes(style) && { style }),
    ...(volumes.length > 0 && { volumes }),
  };
};

export const convertDisk: StepMapper = ({ variables }, { changed }) => {
  changed(diskRemark(whole(textOf(variables, 'OSDConvertDiskIndex')) ?? 0));
  return { step: 'convert-disk-to-dynamic' };
};

export const disableBitlocker: StepMapper = ({ variables }) => ({
  step: 'disable-bitlocker',
  ...optional('drive', textOf(variables, 'TargetDrive')),
  ...optional('restartCount', whole(textOf(variables, 'OSDBitLockerRebootCount'))),
});

export const preProvisionBitlocker: StepMapper = (step, notes, place) => ({
  step: 'pre-provision-bitlocker',
  ...optional('volume', targetVolume(step, notes, place)),
  ...(flag(textOf(step.variables, 'OSDBitLockerSkipWhenTPMInvalid')) && { skipWithoutTpm: true }),
  ...(flag(textOf(step.variables, 'OSDBitLockerEncryptFullDisk')) && { encryptFullDisk: true }),
  ...encryption(textOf(step.variables, 'EncryptionMethod')),
});

export const enableBitlocker: StepMapper = ({ variables }, notes) => {
  const get = (name: string): string => textOf(variables, name);
  const mode = bitlockerMode(get('OSDBitLockerMode'));
  const recovery = get('OSDBitLockerCreateRecoveryPassword');
  if (/db|configmgr|cm$/i.test(recovery))
    notes.changed('the recovery key goes to Active Directory: there is no ConfigMgr database');
  return {
    step: 'enable-bitlocker',
    ...optional('drive', get('OSDBitLockerTargetDrive')),
    mode,
    ...(mode.includes('key') && optional('startupKeyDrive', get('OSDBitLockerStartupKeyDrive'))),
    ...(mode === 'tpm-and-pin' && { pin: notes.password('pin', 'OSDBitLockerPIN') }),
    recoveryKey: /^(|none|false)$/i.test(recovery) ? 'none' : 'active-directory',
    ...encryption(get('EncryptionMethod')),
    ...(flag(get('OSDBitLockerEncryptFullDisk')) && { encryptFullDisk: true }),
    ...(flag(get('OSDBitLockerWaitForEncryption')) && { waitForEncryption: true }),
    ...(flag(get('OSDBitLockerSkipWhenTPMInvalid')) && { skipWithoutTpm: true }),
  };
};

function diskRemark(index: number): string {
  return index === 0
    ? 'the disk is chosen by rules and not by the number 0: the only internal disk'
    : `the disk is chosen by rules: say in "disk" which one is meant by the number ${index}`;
}

function bitlockerMode(text: string): 'tpm' | 'key' | 'tpm-and-key' | 'tpm-and-pin' {
  if (/pin/i.test(text)) return 'tpm-and-pin';
  if (!/usb|key/i.test(text)) return 'tpm';
  return /tpm/i.test(text) ? 'tpm-and-key' : 'key';
}

/** `XTS_AES256`, `AES_128` and the like. */
function encryption(text: string): Record<string, unknown> {
  const [, xts = '', bits] = /^(xts)?[_-]?aes[_-]?(128|256)$/i.exec(text.trim()) ?? [];
  return bits === undefined ? {} : { encryptionMethod: `${xts === '' ? '' : 'Xts'}Aes${bits}` };
}
