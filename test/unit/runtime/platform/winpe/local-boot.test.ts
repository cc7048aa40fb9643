import { expect, it } from 'vitest';
import {
  removeLocalBootArgvs,
  startLocalBootAgainArgv,
  startLocalBootArgvs,
} from '../../../../../runtime/platform/winpe/local-boot.ts';

const ROOT = 'C:\\Windows';
const SYSTEM = 'C:\\Windows\\System32';
const RAMDISK = '{6b0f0f1e-5d6a-4c39-9d0b-2a5b1a7b8c02}';
const LOADER = '{6b0f0f1e-5d6a-4c39-9d0b-2a5b1a7b8c01}';

it.each([
  ['uefi', 'efi'],
  ['bios', 'exe'],
] as const)('starts a boot environment from the disk once, on %s', (firmware, extension) => {
  const argvs = startLocalBootArgvs(ROOT, { drive: 'C:', firmware });
  expect(new Set(argvs.map(([program]) => program))).toEqual(new Set([`${SYSTEM}\\bcdedit.exe`]));
  expect(argvs.map(([, ...words]) => words)).toEqual([
    ['/create', RAMDISK, '/d', 'Mediasmith ramdisk', '/device'],
    ['/set', RAMDISK, 'ramdisksdidevice', 'partition=C:'],
    ['/set', RAMDISK, 'ramdisksdipath', '\\_SMSTaskSequence\\boot\\boot.sdi'],
    ['/create', LOADER, '/d', 'Mediasmith', '/application', 'osloader'],
    ['/set', LOADER, 'device', `ramdisk=[C:]\\_SMSTaskSequence\\boot\\boot.wim,${RAMDISK}`],
    ['/set', LOADER, 'osdevice', `ramdisk=[C:]\\_SMSTaskSequence\\boot\\boot.wim,${RAMDISK}`],
    ['/set', LOADER, 'path', `\\windows\\system32\\boot\\winload.${extension}`],
    ['/set', LOADER, 'systemroot', '\\windows'],
    ['/set', LOADER, 'detecthal', 'yes'],
    ['/set', LOADER, 'winpe', 'yes'],
    ['/bootsequence', LOADER],
  ]);
});

it('starts it once more', () => {
  expect(startLocalBootAgainArgv('X:\\Windows')).toEqual([
    'X:\\Windows\\System32\\bcdedit.exe',
    '/bootsequence',
    LOADER,
  ]);
});

it('takes the entries out again', () => {
  expect(removeLocalBootArgvs(ROOT).map(([, ...words]) => words)).toEqual([
    ['/delete', LOADER, '/cleanup'],
    ['/delete', RAMDISK],
  ]);
});
