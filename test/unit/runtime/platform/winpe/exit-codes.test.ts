import { expect, it } from 'vitest';
import { judgeExit, type Tool } from '../../../../../runtime/platform/winpe/exit-codes.ts';
import { ALL_CODES, DISKPART_CODES } from '../../../../windows/exit-codes.ts';

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
  ['reagentc', 2, '2 (0x2)', 'a file it needs was not found', undefined],
  ['reagentc', 50, '50 (0x32)', 'it does not support what was asked of it', undefined],
  ['reagentc', 0x80070002, '0x80070002', 'a file it needs was not found', undefined],
  ['bcdedit', 1, '1 (0x1)', 'it failed', undefined],
  ['bcdedit', 1168, '1168 (0x490)', 'an element it needs was not found', undefined],
  ['bcdedit', 0x80070005, '0x80070005', 'access was denied', undefined],
  ['bootsect', 1, '1 (0x1)', 'it failed', undefined],
  ['bootsect', 5, '5 (0x5)', 'access was denied', undefined],
  ['bootsect', 19, '19 (0x13)', 'the drive is write-protected', 'FILE_SYSTEM'],
  ['drvload', -2147024894, '0x80070002', 'a file it needs was not found', undefined],
  ['drvload', 193, '193 (0xc1)', 'a program file is none for this processor', undefined],
  ['drvload', 13, '13 (0xd)', 'the data is invalid', undefined],
  ['drvload', 0xc0000142, '0xc0000142', 'it could not start: a DLL failed', undefined],
])('%s ends with %i', (tool, exitCode, shown, meaning, code) => {
  expect(judgeExit(tool, exitCode)).toMatchObject({ shown, meaning });
  expect(judgeExit(tool, exitCode).code).toBe(code);
});

const TOOLS: readonly Tool[] = [
  ...(['bcdboot', 'bcdedit', 'bootsect', 'diskpart', 'dism', 'drvload', 'mountvol', 'pnputil', 'powercfg'] as const),
  ...(['reagentc', 'schtasks', 'shutdown', 'wpeutil'] as const),
];

it.each(TOOLS)(
  'every failure code of %s is shown with its number, and with words for it where there are any',
  (tool) => {
    const judged = [...ALL_CODES, ...DISKPART_CODES].map((exitCode) => ({ exitCode, ...judgeExit(tool, exitCode) }));
    for (const { exitCode, shown, meaning } of judged) {
      expect(Number(/0x[0-9a-f]+/.exec(shown))).toBe(exitCode >>> 0);
      expect(meaning, shown).toMatch(/^(it|a|an|the|access|data|there) \w/);
    }
    const unknown = judged.filter(({ meaning }) => meaning === 'it failed').map(({ exitCode }) => exitCode);
    expect(unknown.toSorted((a, b) => a - b)).toEqual(
      tool === 'diskpart' ? [-2147467259, 4711, 0x80004005] : [-2147467259, 1, 1, 4, 4, 4711, 0x80004005],
    );
  },
);
