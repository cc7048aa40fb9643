import { expect, it } from 'vitest';
import { judgeExit, type Tool } from '../../../../../runtime/platform/winpe/exit-codes.ts';

it.each<[Tool, number, string, string, string | undefined]>([
  ['dism', 2, '2 (0x2)', 'a file it needs was not found', undefined],
  ['dism', 87, '87 (0x57)', 'it does not know one of its options', undefined],
  ['dism', 112, '112 (0x70)', 'the disk is full', 'VOLUME_TOO_SMALL'],
  ['dism', 0x80070070, '0x80070070', 'the disk is full', 'VOLUME_TOO_SMALL'],
  ['dism', -2147024784, '0x80070070', 'the disk is full', 'VOLUME_TOO_SMALL'],
  ['dism', 0x800f081e, '0x800f081e', 'the package does not apply to this image', undefined],
  ['dism', -2146498530, '0x800f081e', 'the package does not apply to this image', undefined],
  ['dism', 0x8007000d, '0x8007000d', 'the data is invalid', 'IMAGE_CORRUPT'],
  ['dism', 1392, '1392 (0x570)', 'a file or folder is damaged', 'FILE_SYSTEM'],
  ['dism', 0xc1420127, '0xc1420127', 'it failed', undefined],
  ['bcdboot', 0xc0000135, '0xc0000135', 'it could not start: a DLL is missing', 'TOOL_MISSING'],
  ['bcdboot', 0xc000013a, '0xc000013a', 'it was interrupted', 'INTERRUPTED'],
  ['bcdboot', 5, '5 (0x5)', 'access was denied', undefined],
  ['diskpart', 5, '5 (0x5)', 'it did not understand a command', undefined],
  ['diskpart', 4, '4 (0x4)', 'a service it uses failed', undefined],
  ['diskpart', 0x80070013, '0x80070013', 'the drive is write-protected', 'FILE_SYSTEM'],
  ['wpeutil', 4711, '4711 (0x1267)', 'it failed', undefined],
])('%s ends with %i', (tool, exitCode, shown, meaning, code) => {
  expect(judgeExit(tool, exitCode)).toMatchObject({ shown, meaning });
  expect(judgeExit(tool, exitCode).code).toBe(code);
});
