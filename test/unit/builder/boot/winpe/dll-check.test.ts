import { describe, expect, it } from 'vitest';
import { missingDlls, refuseMissingDlls } from '../../../../../builder/boot/winpe/dll-check.ts';

describe('missingDlls', () => {
  it('compares names whatever their case, and names each once', () => {
    const present = new Set(['kernel32.dll', 'advapi32.dll']);
    expect(missingDlls(['KERNEL32.dll', 'WINMM.dll', 'dbghelp.dll', 'winmm.DLL'], present)).toEqual([
      'dbghelp.dll',
      'winmm.dll',
    ]);
  });

  it('takes API sets for given, which are no files', () => {
    expect(missingDlls(['API-MS-Win-Core-Synch-l1-2-0.dll', 'ext-ms-win-gdi-l1-1-0.dll'], new Set())).toEqual([]);
  });
});

describe('refuseMissingDlls', () => {
  it('names what is missing and what to do', () => {
    const check = () => refuseMissingDlls('boot.wim', ['WINMM.dll'], new Set());
    expect(check).toThrow(
      expect.objectContaining({
        code: 'RUNTIME_DLL_MISSING',
        lines: ['missing: \\Windows\\System32\\winmm.dll'],
        hint: expect.stringContaining('boot.wim of a Windows ISO'),
      }),
    );
  });

  it('is content where nothing is', () => {
    refuseMissingDlls('boot.wim', ['WINMM.dll'], new Set(['winmm.dll']));
  });
});
