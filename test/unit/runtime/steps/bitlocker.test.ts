import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { type Machine, OperatingSystem } from '../../../../runtime/contract/machine.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import type { Argv, Exec } from '../../../../runtime/host/exec.ts';
import {
  addProtectorArgv,
  backUpToDirectoryArgv,
  enableProtectorsArgv,
  encryptArgv,
  listRecoveryPasswordsArgv,
  protectionArgv,
  removableDrivesArgv,
  statusArgv,
  suspendArgv,
} from '../../../../runtime/steps/bitlocker/command-lines.ts';
import { bitlockerCode, bitlockerError } from '../../../../runtime/steps/bitlocker/error-codes.ts';
import {
  encryptedPercent,
  protectorIds,
  withoutRecoveryPasswords,
} from '../../../../runtime/steps/bitlocker/status.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { outcomes, type RunWish, runSteps } from '../../../helpers/run.ts';

const PIN = '918273';
const RECOVERY = '111111-222222-333333-444444-555555-666666-777777-888888';
const ID = '{0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}';
const TPM = { specVersion: '2.0', enabled: true, activated: true };

describe('the command lines of manage-bde', () => {
  it('are these', () => {
    const program = 'C:\\Windows\\System32\\manage-bde.exe';
    const lines = [
      statusArgv(program, 'C:'),
      protectionArgv(program, 'C:'),
      encryptArgv(program, 'W:', { fullDisk: false, skipHardwareTest: false }),
      encryptArgv(program, 'C:', { method: 'XtsAes256', fullDisk: true, skipHardwareTest: true }),
      addProtectorArgv(program, 'C:', { kind: 'tpm' }),
      addProtectorArgv(program, 'C:', { kind: 'tpm-and-pin', pin: '123456' }),
      addProtectorArgv(program, 'C:', { kind: 'key', keyDrive: 'E:' }),
      addProtectorArgv(program, 'C:', { kind: 'tpm-and-key', keyDrive: 'E:' }),
      addProtectorArgv(program, 'C:', { kind: 'recovery-password' }),
      addProtectorArgv(program, 'C:', { kind: 'recovery-password', password: RECOVERY }),
      enableProtectorsArgv(program, 'C:'),
      suspendArgv(program, 'C:', 2),
      suspendArgv(program, 'D:', undefined),
      listRecoveryPasswordsArgv(program, 'C:'),
      backUpToDirectoryArgv(program, 'C:', ID),
    ];
    expect(lines.map(([, ...words]) => words.join(' '))).toMatchInlineSnapshot(`
      [
        "-status C:",
        "-status C: -ProtectionAsErrorLevel",
        "-on W: -UsedSpaceOnly",
        "-on C: -EncryptionMethod xts_aes256 -SkipHardwareTest",
        "-protectors -add C: -tpm",
        "-protectors -add C: -TPMAndPIN 123456",
        "-protectors -add C: -StartupKey E:\\",
        "-protectors -add C: -TPMAndStartupKey E:\\",
        "-protectors -add C: -RecoveryPassword",
        "-protectors -add C: -RecoveryPassword 111111-222222-333333-444444-555555-666666-777777-888888",
        "-protectors -enable C:",
        "-protectors -disable C: -RebootCount 2",
        "-protectors -disable D:",
        "-protectors -get C: -Type RecoveryPassword",
        "-protectors -adbackup C: -id {0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}",
      ]
    `);
    expect(removableDrivesArgv('powershell.exe')).toMatchInlineSnapshot(`
      [
        "powershell.exe",
        "-NoProfile",
        "-NonInteractive",
        "-Command",
        "(Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=2').DeviceID",
      ]
    `);
  });
});

describe('what manage-bde prints', () => {
  it.each([
    ['English', 'Volume C: [100% mine]\r\n    Size:      237,5 GB\r\n    Percentage Encrypted: 42.7%\r\n', 42.7],
    ['German', '    Verschlüsselt (Prozent):  100,0 %\r\n', 100],
    ['French', '    Pourcentage chiffré :   0,0 %\r\n', 0],
    ['Turkish', '    Şifrelenme Yüzdesi:   %12,5\r\n', 12.5],
    ['nothing', '', undefined],
  ])('is read whatever its language: %s', (_, text, percent) => {
    expect(encryptedPercent(text)).toBe(percent);
  });

  it('names protectors, and its recovery passwords can be hidden', () => {
    const text = `  Numerical Password:\r\n    ID: ${ID}\r\n    Password:\r\n      ${RECOVERY}\r\n`;
    expect(protectorIds(text)).toEqual([ID]);
    expect(withoutRecoveryPasswords(text)).not.toContain('222222');
  });

  it('names its errors by the exit code, with a sign or without, or by what it has printed', () => {
    expect(bitlockerError(bitlockerCode(-2144272335, []))?.name).toBe('FVE_E_PROTECTOR_EXISTS');
    expect(bitlockerError(bitlockerCode(-1, ['ERROR: An error occurred (code 0x80310061):']))?.meaning).toContain(
      'PIN',
    );
    expect(bitlockerCode(1, ['ERROR: no such drive'])).toBe(1);
  });
});

type Reply = { stdout?: string; exitCode?: number; lines?: readonly string[] };

/** manage-bde that answers by the words of its command line, the first that match; the last answer stays. */
function manageBde(replies: Record<string, Reply | Reply[]>) {
  const ran: string[] = [];
  const exec: Exec = async ([, ...words]: Argv, options = {}) => {
    const line = words.join(' ');
    ran.push(line);
    const key = Object.keys(replies).find((start) => line.startsWith(start));
    const found = key === undefined ? undefined : replies[key];
    const { stdout = '', exitCode = 0, lines = [] } = (Array.isArray(found) ? takeFirst(found) : found) ?? {};
    if (!(options.successCodes ?? [0]).includes(exitCode))
      throw new MediasmithError('TOOL_FAILED', `ended with ${exitCode}`, { exitCode, lines, where: line });
    for (const text of stdout.split('\n')) options.onLine?.(text);
    return { exitCode, stdout, stderr: '' };
  };
  return { ran, exec };
}

function takeFirst(replies: Reply[]): Reply | undefined {
  return replies.length > 1 ? replies.shift() : replies[0];
}

const percent = (value: string): Reply => ({ stdout: `    Percentage Encrypted: ${value}%\r\n` });

function inWindows(exec: Exec, machine: Partial<Machine> = { tpm: TPM }, more: RunWish = {}): RunWish {
  const operatingSystem = OperatingSystem.parse({
    caption: 'Windows 11',
    version: '10.0.26100',
    build: 26100,
    architecture: 'x64',
  });
  return { exec, machine: aMachine({ operatingSystem, ...machine }), platformName: 'windows', ...more };
}

describe('enable-bitlocker', () => {
  it('has every key in the directory before it encrypts', async () => {
    const { ran, exec } = manageBde({
      '-status C:': percent('0.0'),
      '-protectors -get': { stdout: `ID: ${ID}\n${RECOVERY}` },
    });
    const { outcome, events } = await runSteps(
      [{ step: 'enable-bitlocker', encryptionMethod: 'XtsAes128' }],
      inWindows(exec),
    );
    expect(outcome.error).toBeUndefined();
    expect(ran).toEqual([
      '-status C:',
      '-protectors -add C: -tpm',
      '-protectors -add C: -RecoveryPassword',
      '-protectors -get C: -Type RecoveryPassword',
      `-protectors -adbackup C: -id ${ID}`,
      '-on C: -UsedSpaceOnly -EncryptionMethod xts_aes128 -SkipHardwareTest',
    ]);
    expect(JSON.stringify(events)).not.toContain('222222');
  });

  it('encrypts nothing when the directory does not take the recovery password', async () => {
    const { ran, exec } = manageBde({
      '-protectors -get': { stdout: ID },
      '-protectors -adbackup': { exitCode: -1, lines: [`password ${RECOVERY}`, 'ERROR: (code 0x8007054b)'] },
    });
    const { outcome, events } = await runSteps([{ step: 'enable-bitlocker' }], inWindows(exec));
    expect(outcome.error).toMatchObject({ code: 'TOOL_FAILED', exitCode: 0x8007054b });
    expect(ran.filter((line) => line.startsWith('-on'))).toEqual([]);
    expect(JSON.stringify([events, outcome.error])).not.toContain('222222');
  });

  it('takes the clear key of a drive that is encrypted already, and waits for the rest', async () => {
    const { ran, exec } = manageBde({
      '-status C: -ProtectionAsErrorLevel': { exitCode: 1 },
      '-status C:': [percent('20.0'), percent('60.5'), percent('100.0')],
      '-protectors -add C: -tpm': { exitCode: 0x80310031 },
    });
    const step = { step: 'enable-bitlocker', recoveryKey: 'none', waitForEncryption: true };
    const { outcome, events } = await runSteps([step], inWindows(exec));
    expect(outcome.error).toBeUndefined();
    expect(ran).toContain('-protectors -enable C:');
    const shown = events.flatMap((event) => (event.event === 'progress' ? [[event.done, event.unit]] : []));
    expect(shown).toEqual([
      [60.5, 'percent'],
      [100, 'percent'],
    ]);
  });

  it('shows its PIN nowhere, also when manage-bde fails', async () => {
    const { ran, exec } = manageBde({ '-protectors -add': { exitCode: -2144272280, lines: [`-TPMAndPIN ${PIN}`] } });
    const step = { step: 'enable-bitlocker', mode: 'tpm-and-pin', pin: PIN, recoveryKey: 'none' };
    const { outcome, events, variables } = await runSteps([step], inWindows(exec));
    expect(ran).toContain(`-protectors -add C: -TPMAndPIN ${PIN}`);
    expect(outcome.error).toMatchObject({ message: expect.stringContaining('FVE_E_POLICY_INVALID_PIN_LENGTH') });
    expect(JSON.stringify(events)).not.toContain(PIN);
    expect(JSON.stringify(variables.list())).not.toContain(PIN);
  });

  it('lets a variable give the PIN, and asks for one that can be', async () => {
    const { ran, exec } = manageBde({});
    const variables = new Variables();
    variables.set('OSDBitLockerPIN', '123', { secret: true });
    const step = { step: 'enable-bitlocker', mode: 'tpm-and-pin' };
    const { outcome } = await runSteps([step], inWindows(exec, { tpm: TPM }, { variables }));
    expect(outcome.error).toMatchObject({ code: 'STEP_FAILED', message: 'the PIN has not 4 to 20 characters' });
    expect(ran.filter((line) => line.includes('-add'))).toEqual([]);
  });

  it('puts a startup key on the first removable drive that is not the medium', async () => {
    const { ran, exec } = manageBde({ '-NoProfile': { stdout: 'E:\r\nF:\r\n' } });
    await runSteps([{ step: 'enable-bitlocker', mode: 'key', recoveryKey: 'none' }], inWindows(exec, {}));
    expect(ran).toContain('-protectors -add C: -StartupKey E:\\');
  });

  it('fails without a TPM, unless it may be skipped', async () => {
    const { ran, exec } = manageBde({});
    const failed = await runSteps([{ step: 'enable-bitlocker' }], inWindows(exec, {}));
    expect(failed.outcome.error).toMatchObject({ code: 'READINESS_FAILED' });
    const disabled = { tpm: { ...TPM, enabled: false } };
    const skipped = await runSteps([{ step: 'enable-bitlocker', skipWithoutTpm: true }], inWindows(exec, disabled));
    expect(outcomes(skipped.events)).toEqual(['Enable BitLocker succeeded']);
    expect(ran).toEqual([]);
  });
});

describe('pre-provision-bitlocker', () => {
  it('encrypts a volume by its letter, once', async () => {
    const { ran, exec } = manageBde({ '-status': [percent('0.0'), percent('100.0')] });
    const volumes = [{ type: 'primary', name: 'OS', size: 'rest', variable: 'OSDisk' }];
    const step = { step: 'pre-provision-bitlocker', volume: '%OSDisk%' };
    const machine = aMachine({ tpm: TPM });
    const steps = [{ step: 'format-and-partition-disk', volumes }, step, step];
    const { outcome } = await runSteps(steps, { exec, machine, platformName: 'winpe' });
    expect(outcome.error).toBeUndefined();
    // The fake platform opens a volume by a device and not by a letter.
    expect(ran).toEqual(['-status /:', '-on /: -UsedSpaceOnly', '-status /:']);
  });
});

describe('disable-bitlocker', () => {
  it('suspends for some restarts, and another drive until it is enabled again', async () => {
    const { ran, exec } = manageBde({ '-status': percent('100.0') });
    const variables = new Variables();
    variables.set('OSDBitLockerRebootCountOverride', '0');
    const steps = [{ step: 'disable-bitlocker' }, { step: 'disable-bitlocker', drive: 'd' }];
    await runSteps([{ step: 'disable-bitlocker', restartCount: 3 }], inWindows(exec));
    await runSteps(steps, inWindows(exec, {}, { variables }));
    expect(ran.filter((line) => !line.startsWith('-status'))).toEqual([
      '-protectors -disable C: -RebootCount 3',
      '-protectors -disable C: -RebootCount 0',
      '-protectors -disable D:',
    ]);
  });

  it('has nothing to do where nothing is encrypted', async () => {
    const { ran, exec } = manageBde({ '-status': percent('0.0') });
    const { outcome } = await runSteps([{ step: 'disable-bitlocker' }], inWindows(exec));
    expect(outcome.error).toBeUndefined();
    expect(ran).toEqual(['-status C:']);
  });
});
