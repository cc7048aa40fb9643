import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { type Machine, OperatingSystem } from '../../../../runtime/contract/machine.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import type { Argv, Exec } from '../../../../runtime/host/exec.ts';
import { volumeFiles } from '../../../../runtime/platform/volume-files.ts';
import type { StepContext } from '../../../../runtime/steps/context.ts';
import { setupArgv } from '../../../../runtime/steps/upgrade/command-line.ts';
import { explainExtendCode, lastFailure } from '../../../../runtime/steps/upgrade/extend-code.ts';
import { readSetupLogs } from '../../../../runtime/steps/upgrade/logs.ts';
import { setupResult } from '../../../../runtime/steps/upgrade/result-codes.ts';
import { HOOKS, hookScript } from '../../../../runtime/steps/upgrade/scripts.ts';
import { wasUpgraded } from '../../../../runtime/steps/upgrade/verdict.ts';
import { runUpgradeOperatingSystem } from '../../../../runtime/steps/upgrade-operating-system/run.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { aJournal, note, outcomes, type RunWish, runSteps } from '../../../helpers/run.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const KEY = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';
const UPGRADE = { step: 'upgrade-operating-system', installPath: 'D:\\source' };

function windows(build: number): Machine {
  const operatingSystem = OperatingSystem.parse({
    caption: 'Windows',
    version: `10.0.${build}`,
    build,
    architecture: 'x64',
  });
  return aMachine({ operatingSystem });
}

/** setup.exe that ends with a code. */
function setup(exitCode: number) {
  const ran: Argv[] = [];
  const exec: Exec = async (argv, options = {}) => {
    ran.push(argv);
    if ((options.successCodes ?? [0]).includes(exitCode)) return { exitCode, stdout: '', stderr: '' };
    throw new MediasmithError('TOOL_FAILED', `ended with ${exitCode}`, { exitCode });
  };
  return { ran, exec };
}

const inWindows = (exec: Exec, machine = windows(19045), more: RunWish = {}): RunWish => ({
  exec,
  machine,
  platformName: 'windows',
  ...more,
});

describe('the command line of setup.exe', () => {
  it('upgrades', () => {
    const argv = setupArgv({
      setup: 'E:\\upgrade\\setup.exe',
      scanOnly: false,
      ignoreWarnings: true,
      dynamicUpdate: true,
      imageIndex: 3,
      productKey: KEY,
      driverFolder: 'C:\\_SMSTaskSequence\\upgrade\\drivers',
      acceptEula: true,
      postOobe: 'C:\\_SMSTaskSequence\\upgrade\\setupcomplete.cmd',
      postRollback: 'C:\\_SMSTaskSequence\\upgrade\\setuprollback.cmd',
      additional: ['/BitLocker', 'AlwaysSuspend'],
    });
    expect(argv.join(' ')).toMatchInlineSnapshot(
      `"E:\\upgrade\\setup.exe /Auto Upgrade /Quiet /NoReboot /EULA Accept /DynamicUpdate Enable /ShowOOBE None /Compat IgnoreWarning /ImageIndex 3 /PKey AAAAA-BBBBB-CCCCC-DDDDD-EEEEE /InstallDrivers C:\\_SMSTaskSequence\\upgrade\\drivers /PostOOBE C:\\_SMSTaskSequence\\upgrade\\setupcomplete.cmd /PostRollback C:\\_SMSTaskSequence\\upgrade\\setuprollback.cmd /PostRollbackContext System /BitLocker AlwaysSuspend"`,
    );
  });

  it('scans', () => {
    const argv = setupArgv({
      setup: 'setup.exe',
      scanOnly: true,
      ignoreWarnings: false,
      dynamicUpdate: false,
      acceptEula: false,
      additional: [],
    });
    expect(argv.join(' ')).toMatchInlineSnapshot(
      `"setup.exe /Auto Upgrade /Quiet /NoReboot /DynamicUpdate Disable /Compat ScanOnly"`,
    );
  });
});

describe('what Setup ends with', () => {
  it.each([
    [-1047526896, '0xC1900210', 'MOSETUP_E_COMPAT_SCANONLY'],
    [0xc1900208, '0xC1900208', 'MOSETUP_E_COMPAT_INSTALLREQ_BLOCK'],
    [5, '5', 'CONX_SETUP_EXITCODE_RESUME_AT_COMPAT_REPORT'],
    [0x80070070, '0x80070070', 'ERROR_DISK_FULL'],
    [42, '42', 'unknown'],
  ])('%i is named', (code, shown, name) => {
    expect(setupResult(code)).toMatchObject({ shown, name });
  });

  it.each([
    [0x2000c, 'in the safe operating system, while applying the image'],
    [0x4000d, 'in the second start of the new Windows (OOBE), while migrating data'],
    [0x90ff, 'in an unknown phase, while an unknown operation'],
  ])('extend code %i is explained', (extend, text) => {
    expect(explainExtendCode(extend)).toBe(text);
  });

  it('is found in a log, the last of several', () => {
    const log = 'x 0xC1900101 - 0x20017\r\nError: 0x80070005\r\n0x8007001F - 0x3000D, rolled back';
    expect(lastFailure(log)).toEqual({ result: 0x8007001f, extend: 0x3000d });
    expect(lastFailure('0xC1900101')).toBeUndefined();
  });

  it('is read from the logs of the rollback first', async () => {
    const folder = await temporaryFolder();
    const files = volumeFiles(folder);
    expect(await readSetupLogs(files, 'C:')).toMatchObject({ lines: [], failure: undefined });
    await writeFiles(folder, { '$WINDOWS.~BT/Sources/Panther/setuperr.log': 'first\n' });
    expect(await readSetupLogs(files, 'C:')).toMatchObject({ lines: ['first'] });
    const text = Buffer.from('\ufeffa\r\n0xC1900101 - 0x40017\r\n', 'utf16le');
    await writeFiles(folder, { '$WINDOWS.~BT/Sources/Rollback/setuperr.log': text });
    expect(await readSetupLogs(files, 'C:')).toEqual({
      place: 'C:\\$WINDOWS.~BT\\Sources\\Rollback',
      lines: ['a', '0xC1900101 - 0x40017'],
      failure: { result: 0xc1900101, extend: 0x40017 },
    });
  });
});

describe('the scripts that go on with the sequence', () => {
  it('leave a mark first, and run the own script of the sequence before that', () => {
    expect(hookScript(HOOKS.postOobe, { own: true })).toMatchInlineSnapshot(`
      "@echo off
      rem Mediasmith goes on with its task sequence here.
      "%SystemRoot%\\System32\\cmd.exe" /d /c call "%SystemDrive%\\_SMSTaskSequence\\upgrade\\postoobe\\setupcomplete.cmd"
      >"%SystemDrive%\\_SMSTaskSequence\\upgrade\\upgraded" echo %DATE% %TIME%
      "%SystemDrive%\\_SMSTaskSequence\\bin\\mediasmith.exe" resume --from-setup
      exit /b 0
      "
    `);
    expect(hookScript(HOOKS.postRollback, { own: false })).toMatchInlineSnapshot(`
      "@echo off
      rem Mediasmith goes on with its task sequence here.
      >"%SystemDrive%\\_SMSTaskSequence\\upgrade\\rolled-back" echo %DATE% %TIME%
      "%SystemDrive%\\_SMSTaskSequence\\bin\\mediasmith.exe" resume --from-setup
      exit /b 0
      "
    `);
  });
});

describe('the verdict', () => {
  const contextOf = (machine: Machine, inProgress: number[], waits: number[] = []): StepContext => {
    const registryValue = async () => ({ type: 'REG_DWORD', data: BigInt(inProgress.shift() ?? 0) });
    const wait = async (seconds: number) => void waits.push(seconds);
    return { machine, facts: { system: { registryValue } }, wait, log: () => undefined } as unknown as StepContext;
  };

  it.each([
    ['upgraded', 19045, true],
    ['rolled-back', 26100, false],
  ])('is the mark %s, whatever the version', async (mark, build, upgraded) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { [`_SMSTaskSequence/upgrade/${mark}`]: 'now' });
    const before = '10.0.19045.0';
    expect(await wasUpgraded(volumeFiles(folder), before, contextOf(windows(build), []))).toBe(upgraded);
  });

  it('waits for a Setup that is at work, and is the version where no script has run', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { '$WINDOWS.~BT/Sources/Panther/setupact.log': 'x' });
    const files = volumeFiles(folder);
    const waits: number[] = [];
    expect(await wasUpgraded(files, '10.0.19045.0', contextOf(windows(26100), [1, 1], waits))).toBe(true);
    expect(waits).toEqual([15, 15]);
    expect(await wasUpgraded(files, '10.0.19045.0', contextOf(windows(19045), []))).toBe(false);
  });
});

describe('upgrade-operating-system', () => {
  it('restarts after Setup, and is judged by what runs then', async () => {
    const journal = aJournal();
    const { ran, exec } = setup(0);
    const steps = [{ ...UPGRADE, name: 'Upgrade', postOobePackage: 'tools', driverPackage: 'tools' }, note('after')];
    const first = await runSteps(steps, inWindows(exec, windows(19045), { journal }));
    expect(first.outcome).toEqual({ action: 'restart', continues: 'full-os' });
    expect(first.platform.deeds).toContain('arrangeRestart full-os');
    expect(ran[0]?.join(' ')).toContain('D:\\source\\setup.exe /Auto Upgrade /Quiet /NoReboot');
    const files = volumeFiles(first.platform.volume('C'));
    expect(await files.read('_SMSTaskSequence/upgrade/setupcomplete.cmd')).toBeDefined();
    expect(await files.exists('_SMSTaskSequence/upgrade/postoobe/unpacked.txt')).toBe(true);
    expect(await files.exists('_SMSTaskSequence/upgrade/drivers/unpacked.txt')).toBe(true);

    const { variables } = first;
    const second = await runSteps(steps, inWindows(exec, windows(26100), { journal, variables }));
    expect(outcomes(second.events)).toEqual(['Upgrade succeeded', 'after succeeded']);
    expect(ran.map(([program]) => program)).toEqual(['D:\\source\\setup.exe', 'note']);
    expect(variables.get('_SMSTSSetupRollback')).toBe('false');
    expect(variables.get('_SMSTSOSUpgradeActionReturnCode')).toBe('0');
  });

  it('is a failure when Setup has rolled back, so that the new Windows is not assumed', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      '_SMSTaskSequence/upgrade/rolled-back': 'now',
      '$WINDOWS.~BT/Sources/Rollback/setuperr.log': 'Failed\r\n0xC1900101 - 0x30018\r\n',
    });
    const platform = new FakePlatform(folder, { name: 'windows' });
    platform.volume = () => folder;
    const variables = new Variables();
    variables.set('_SMSTSOSUpgradeFromVersion', '10.0.19045.0');
    const context = { platform, variables, machine: windows(19045), state: {} } as unknown as StepContext;
    const options = { installPath: 'D:\\source', scanOnly: false, ignoreMessages: false, dynamicUpdate: false };
    await expect(runUpgradeOperatingSystem(options, context)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: expect.stringMatching(/rolled the upgrade back: 0xC1900101 - 0x30018.*first start.*sysprep/),
      exitCode: 0xc1900101,
      where: 'C:\\$WINDOWS.~BT\\Sources\\Rollback',
    });
    expect(variables.get('_SMSTSSetupRollback')).toBe('true');
    expect(variables.get('_SMSTSOSUpgradeActionReturnCode')).toBe('3247440129');
    expect(variables.get('_SMSTSOSUpgradeFromVersion')).toBeUndefined();
  });

  it('says by name why Setup did not begin', async () => {
    const { outcome, variables } = await runSteps([UPGRADE], inWindows(setup(-1047526904).exec));
    expect(outcome.error).toMatchObject({
      message: expect.stringContaining('0xC1900208 (MOSETUP_E_COMPAT_INSTALLREQ_BLOCK)'),
      where: 'C:\\$WINDOWS.~BT\\Sources\\Panther',
      hint: expect.stringContaining('CompatData'),
    });
    expect(variables.get('_SMSTSOSUpgradeActionReturnCode')).toBe('3247440392');
    expect(variables.get('_SMSTSLastActionRetCode')).toBe('3247440392');
    expect(variables.get('_SMSTSSetupRollback')).toBeUndefined();
  });

  it.each([
    [-1047526896, true, '3247440400'],
    [0xc1900200, false, '3247440384'],
  ])('judges a scan that ends with %i', async (code, ok, value) => {
    const { ran, exec } = setup(code);
    const { outcome, variables, platform } = await runSteps([{ ...UPGRADE, scanOnly: true }], inWindows(exec));
    expect(outcome.error === undefined).toBe(ok);
    expect(variables.get('_SMSTSOSUpgradeActionReturnCode')).toBe(value);
    expect(ran[0]).not.toContain('/PostOOBE');
    expect(platform.deeds).not.toContain('arrangeRestart full-os');
  });

  it('takes further options as a command line from a variable, and hides the product key', async () => {
    const { ran, exec } = setup(7);
    const variables = new Variables();
    variables.set('OSDSetupAdditionalUpgradeOptions', '/Priority Normal /CopyLogs "C:\\my logs"');
    const step = { ...UPGRADE, productKey: KEY, additionalOptions: '/Telemetry Disable' };
    const { outcome, events } = await runSteps([step], inWindows(exec, windows(19045), { variables }));
    expect(ran[0]?.slice(-4)).toEqual(['/Priority', 'Normal', '/CopyLogs', 'C:\\my logs']);
    expect(ran[0]).toContain(KEY);
    expect(JSON.stringify([events, outcome.error])).not.toContain(KEY);
  });

  it('names an upgrade package that the medium does not have', async () => {
    const { outcome } = await runSteps(
      [{ step: 'upgrade-operating-system', upgradePackage: 'windows-12' }],
      inWindows(setup(0).exec),
    );
    expect(outcome.error).toMatchObject({ code: 'IMAGE_NOT_FOUND' });
  });
});
