import { describe, expect, it } from 'vitest';
import type { BootFileSigning } from '../../../../builder/boot/winpe/signing.ts';
import type { EfiProgram } from '../../../../builder/inspect/efi-programs.ts';
import { judgePrograms } from '../../../../builder/inspect/judge-programs.ts';
import type { PeMachine } from '../../../../builder/pe/pe-headers.ts';

function program(path: string, machine: PeMachine, more: Partial<BootFileSigning> = {}): EfiProgram {
  const signing = { path, machine, startedByFirmware: true, set: 'unsigned' as const, signatures: [], ...more };
  return { path, machine, bytes: 1, sha256: '', signing };
}

describe('what firmware starts', () => {
  it.each([
    ['efi/boot/bootx64.efi', 'arm64', 'x64'],
    ['[El Torito UEFI image 2]/EFI/BOOT/BOOTAA64.EFI', 'x64', 'arm64'],
    ['EFI/Boot/bootia32.efi', 'x64', 'x86'],
  ] as const)('%s must be a program for its processor', (path, machine, wanted) => {
    expect(judgePrograms([program(path, machine)], [])).toEqual([
      { path, reason: `is a program for ${machine}, which firmware of ${wanted} does not start` },
    ]);
    expect(judgePrograms([program(path, wanted)], [])).toEqual([]);
  });

  it('must be a program for the processor of the boot image', () => {
    const path = '[El Torito UEFI image 2]/EFI/BOOT/BOOTX64.EFI';
    expect(judgePrograms([program(path, 'x64')], [], 'arm64')).toEqual([
      { path, reason: 'is a program for x64, and the boot image is for arm64' },
    ]);
    expect(judgePrograms([program(path, 'x64')], [], 'x64')).toEqual([]);
  });

  it('may be for another processor under another name', () => {
    expect(judgePrograms([program('efi/boot/mmaa64.efi', 'arm64'), program('bootmgr.efi', 'arm64')], [])).toEqual([]);
  });
});
