import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiskStart, TargetVolume } from '../../../../../runtime/platform/platform.ts';
import { activateBoot, prepareBoot } from '../../../../../runtime/platform/winpe/boot.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { type Programs, type TestHost, winpeHost } from '../../../../helpers/winpe-host.ts';

const SYSTEM32 = 'X:\\Windows\\System32';
const BCDBOOT = `${SYSTEM32}\\bcdboot.exe W:\\Windows /s S: /f UEFI /l en-US /v`;
const BCDEDIT = `${SYSTEM32}\\bcdedit.exe /set {fwbootmgr} displayorder {bootmgr} /addfirst`;
const LOADER = { 'Windows/Boot/EFI/bootmgfw.efi': '', 'Windows/Boot/PCAT/bootmgr': '' };

function volume(name: string, role: TargetVolume['role'], letter: string, number: number): TargetVolume {
  return { name, role, device: `${letter}:\\`, number, startBytes: 0, bytes: 1, fileSystem: 'ntfs' };
}

const WINDOWS = volume('Windows', 'primary', 'W', 2);
const RECOVERY = volume('Recovery', 'recovery', 'R', 3);

function startOf(host: TestHost, style: 'gpt' | 'mbr', others: TargetVolume[] = [RECOVERY]): DiskStart {
  const volumes = [volume('System', 'system', 'S', 1), WINDOWS, ...others];
  return { target: { device: host.disk(0), style, identity: 'x', volumes }, windows: WINDOWS, locale: 'en-US' };
}

describe('prepareBoot', () => {
  it('sets up the recovery environment that the image has', async () => {
    const host = await winpeHost();
    await writeFiles(host.drive('W'), { ...LOADER, 'Windows/system32/recovery/WinRE.wim': 'recovery' });
    await prepareBoot(host, startOf(host, 'gpt'));
    expect(await readFile(join(host.drive('R'), 'Recovery/WindowsRE/Winre.wim'), 'utf8')).toBe('recovery');
    expect(host.lines).toEqual([
      'W:\\Windows\\System32\\reagentc.exe /setreimage /path R:\\Recovery\\WindowsRE /target W:\\Windows',
    ]);
    expect(host.messages).toEqual([]);
  });

  it('does without where the image or the disk has no place for it', async () => {
    const host = await winpeHost();
    await writeFiles(host.drive('W'), LOADER);
    await prepareBoot(host, startOf(host, 'gpt'));
    await writeFiles(host.drive('W'), { 'Windows/System32/Recovery/Winre.wim': 'recovery' });
    await prepareBoot(host, startOf(host, 'gpt', []));
    expect(host.lines).toEqual([]);
  });

  it('warns when it cannot be set up', async () => {
    const host = await winpeHost({ reagentc: () => ({ exitCode: 70 }) });
    await writeFiles(host.drive('W'), { ...LOADER, 'Windows/System32/Recovery/Winre.wim': 'recovery' });
    await prepareBoot(host, startOf(host, 'gpt'));
    expect(host.messages).toEqual([
      'warning: the recovery environment could not be set up: reagentc ended with 70 (0x46), it failed',
    ]);
  });
});

describe('activateBoot', () => {
  it('on UEFI writes the boot files and puts them first', async () => {
    const host = await winpeHost();
    await activateBoot(host, startOf(host, 'gpt'), {});
    expect(host.lines).toEqual([BCDBOOT, BCDEDIT]);
  });

  it('on UEFI only warns when the order of the firmware cannot be set', async () => {
    const host = await winpeHost({ bcdedit: () => ({ exitCode: 1 }) });
    await activateBoot(host, startOf(host, 'gpt'), {});
    expect(host.messages).toEqual([
      expect.stringContaining('warning: the boot order of the firmware could not be set'),
    ]);
  });

  it('on BIOS makes the partition active at last', async () => {
    const host = await winpeHost();
    await activateBoot(host, { ...startOf(host, 'mbr'), target: { ...startOf(host, 'mbr').target } }, {});
    expect(host.lines).toEqual([
      `${SYSTEM32}\\bcdboot.exe W:\\Windows /s S: /f BIOS /l en-US /v`,
      `${SYSTEM32}\\diskpart.exe select disk 0; select partition 1; active`,
    ]);
  });

  it('ends when bcdboot fails, and the disk does not become active', async () => {
    const host = await winpeHost({
      bcdboot: () => ({ exitCode: 193, stdout: 'Failure when attempting to copy boot files.' }),
    });
    await expect(activateBoot(host, startOf(host, 'mbr'), {})).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringContaining('bcdboot ended with 193 (0xc1)'),
      lines: ['Failure when attempting to copy boot files.'],
    });
    expect(host.lines).toHaveLength(1);
  });

  const HELP: Programs = {
    bcdboot: (line) => ({
      stdout: line.endsWith('/?') ? '/bootex  Use the ex binaries' : '',
      exitCode: line.endsWith('/?') ? 1 : 0,
    }),
  };
  const trusts2023 = { firmwareVariable: () => Buffer.from('\0\0Windows UEFI CA 2023\0', 'latin1') };
  const trusts2011 = { firmwareVariable: () => Buffer.from('Microsoft Windows Production PCA 2011', 'latin1') };

  it.each([
    [
      'the image, bcdboot and the firmware know them',
      HELP,
      trusts2023,
      true,
      [`${SYSTEM32}\\bcdboot.exe /?`, `${BCDBOOT} /bootex`],
    ],
    ['not when the firmware does not', HELP, trusts2011, true, [BCDBOOT]],
    ['not when the firmware does not say', HELP, {}, true, [BCDBOOT]],
    ['not when bcdboot does not', {}, trusts2023, true, [`${SYSTEM32}\\bcdboot.exe /?`, BCDBOOT]],
    ['not when the image does not', HELP, trusts2023, false, [BCDBOOT]],
  ])('takes the boot files of 2023 when %s', async (_, programs, answers, inImage, lines) => {
    const host = await winpeHost(programs, answers);
    if (inImage) await writeFiles(host.drive('W'), { 'Windows/Boot/EFI_EX/bootmgfw_EX.efi': '' });
    await activateBoot(host, startOf(host, 'gpt'), {});
    expect(host.lines).toEqual([...lines, BCDEDIT]);
  });
});
