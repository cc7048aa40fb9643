import type { ErrorCode } from '../../contract/errors.ts';

/** The programs of WinPE and Windows the runtime starts, by their names in System32. */
export type Tool =
  | 'bcdboot'
  | 'bcdedit'
  | 'bootsect'
  | 'diskpart'
  | 'dism'
  | 'drvload'
  | 'mountvol'
  | 'pnputil'
  | 'powercfg'
  | 'reagentc'
  | 'schtasks'
  | 'shutdown'
  | 'wpeutil';

/** What an exit code says. Without a `code` it depends on what the program was doing. */
export type Verdict = { meaning: string; code?: ErrorCode; hint?: string };

/**
 * 3010: done, and a restart is asked for, which comes anyway. 259 of pnputil: no device here is better served by them
 * (Microsoft: "PnPUtil return values").
 */
export const SUCCESS_CODES: Readonly<Partial<Record<Tool, readonly number[]>>> = {
  dism: [0, 3010],
  pnputil: [0, 259, 3010],
};

const DAMAGED = 'Check the disk and the drive the medium is in.';

/** Windows' own numbers, which every one of these programs may end with (Microsoft: "System Error Codes"). */
const SYSTEM_ERRORS: Readonly<Record<number, Verdict>> = {
  2: { meaning: 'a file it needs was not found' },
  3: { meaning: 'a folder it needs was not found' },
  5: { meaning: 'access was denied', hint: 'Something else may be using the volume.' },
  8: { meaning: 'there is not enough memory' },
  11: { meaning: 'the file has a wrong format', code: 'IMAGE_CORRUPT' },
  13: { meaning: 'the data is invalid', code: 'IMAGE_CORRUPT' },
  14: { meaning: 'there is not enough memory' },
  15: { meaning: 'the drive was not found' },
  19: { meaning: 'the drive is write-protected', code: 'FILE_SYSTEM' },
  21: { meaning: 'the drive is not ready', code: 'FILE_SYSTEM' },
  23: { meaning: 'data could not be read or written: a checksum does not match', code: 'FILE_SYSTEM', hint: DAMAGED },
  32: { meaning: 'a file is in use' },
  50: { meaning: 'it does not support what was asked of it' },
  87: { meaning: 'it does not know one of its options', hint: 'The boot.wim may be older than the image.' },
  112: { meaning: 'the disk is full', code: 'VOLUME_TOO_SMALL', hint: 'Give the volume more room.' },
  193: { meaning: 'a program file is none for this processor', hint: 'Boot image and Windows image must match.' },
  1117: { meaning: 'the drive reports an error', code: 'FILE_SYSTEM', hint: DAMAGED },
  1168: { meaning: 'an element it needs was not found' },
  1223: { meaning: 'it was cancelled' },
  1392: { meaning: 'a file or folder is damaged', code: 'FILE_SYSTEM', hint: DAMAGED },
  1393: { meaning: 'the structure of the disk is damaged', code: 'FILE_SYSTEM', hint: DAMAGED },
};

/** Numbers above 16 bits: of servicing, and of a process that Windows ended. */
const LONG_CODES: Readonly<Record<number, Verdict>> = {
  2148468766: { meaning: 'the package does not apply to this image' },
  2148468792: { meaning: 'the package needs another one that the image does not have' },
  2148468784: { meaning: 'the image can no longer be serviced', code: 'IMAGE_CORRUPT' },
  3221225477: { meaning: 'it crashed' },
  3221225781: { meaning: 'it could not start: a DLL is missing', code: 'TOOL_MISSING' },
  3221225786: { meaning: 'it was interrupted', code: 'INTERRUPTED' },
  3221225794: { meaning: 'it could not start: a DLL failed' },
};

/** diskpart counts for itself (Microsoft: "DiskPart scripts and examples"). */
const DISKPART: Readonly<Record<number, Verdict>> = {
  1: { meaning: 'it could not go on' },
  2: { meaning: 'a command was given wrong parameters' },
  3: { meaning: 'it could not open its script' },
  4: { meaning: 'a service it uses failed', hint: 'The disk may be in use, write-protected or broken.' },
  5: { meaning: 'it did not understand a command' },
};

/** The exit code as it is shown, and what it means. Takes codes with and without a sign. Pure. */
export function judgeExit(tool: Tool, exitCode: number): Verdict & { shown: string } {
  const code = exitCode >>> 0;
  const small = systemErrorOf(code);
  const hex = `0x${code.toString(16).padStart(code > 0xffff ? 8 : 1, '0')}`;
  const shown = code > 0xffff ? hex : `${code} (${hex})`;
  const known =
    (tool === 'diskpart' ? DISKPART[code] : undefined) ??
    LONG_CODES[code] ??
    (small === undefined ? undefined : SYSTEM_ERRORS[small]);
  const { code: error, ...verdict } = known ?? { meaning: 'it failed' };
  // The data of the others is not an image.
  const applies = error !== undefined && (error !== 'IMAGE_CORRUPT' || tool === 'dism');
  return { ...verdict, shown, ...(applies && { code: error }) };
}

/** HRESULTs 0x8007xxxx hold one of Windows' own numbers in their lower half. */
function systemErrorOf(code: number): number | undefined {
  if (code <= 0xffff) return code;
  return code >>> 16 === 0x8007 ? code & 0xffff : undefined;
}
