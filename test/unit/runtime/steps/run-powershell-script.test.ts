import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import type { Exec } from '../../../../runtime/host/exec.ts';
import { scriptArgv } from '../../../../runtime/steps/run-powershell-script/run.ts';
import { runSteps } from '../../../helpers/run.ts';
import { runContent, WINDOWS } from '../../../helpers/run-content.ts';

const STEP = { step: 'run-powershell-script', package: 'tools', scriptName: 'do it.ps1' };
const POWERSHELL = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const SHOWN = `${POWERSHELL} -NoLogo -NoProfile -NonInteractive -ExecutionPolicy AllSigned -File TEMP/do it.ps1`;

describe('the command line', () => {
  const wish = { program: 'powershell.exe', script: 'C:\\a b.ps1', parameters: ['-Name', 'x; y'] };

  it('names the policy, the script and its parameters', () => {
    expect(scriptArgv({ ...wish, executionPolicy: 'Bypass' })).toMatchInlineSnapshot(`
      [
        "powershell.exe",
        "-NoLogo",
        "-NoProfile",
        "-NonInteractive",
        "-ExecutionPolicy",
        "Bypass",
        "-File",
        "C:\\a b.ps1",
        "-Name",
        "x; y",
      ]
    `);
  });

  it('leaves the policy as Windows has it', () => {
    expect(scriptArgv({ ...wish, executionPolicy: 'Undefined' })).not.toContain('-ExecutionPolicy');
  });
});

describe('parameters', () => {
  const step = { ...STEP, parameters: '-Name "a b" -Secret hunter3' };

  it('reach the script and no log', async () => {
    const { calls, log, events, tidy } = await runContent([step], { answer: () => ({ exitCode: 9 }) });
    expect(calls[0]?.argv.slice(-4)).toEqual(['-Name', 'a b', '-Secret', 'hunter3']);
    expect(log.map(tidy)).toContain(`command line: ${SHOWN}`);
    expect(events.at(-1)).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(events)).not.toContain('hunter3');
  });

  it('are logged where OSDLogPowerShellParameters says so', async () => {
    const variables = new Variables();
    variables.set('OSDLogPowerShellParameters', 'TRUE');
    const { log, tidy } = await runContent([step], { variables });
    expect(log.map(tidy)).toContain(`command line: ${SHOWN} -Name a b -Secret hunter3`);
  });

  it('may be a list', async () => {
    const { calls } = await runContent([{ ...STEP, parameters: ['-A', 'b "c"'] }]);
    expect(calls[0]?.argv.slice(-2)).toEqual(['-A', 'b "c"']);
  });
});

describe('an inline script', () => {
  it('is a file in UTF-8 with its mark', async () => {
    let content: Buffer | undefined;
    const exec: Exec = async (argv) => {
      content = await readFile(argv[argv.indexOf('-File') + 1] ?? '');
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    const step = { step: 'run-powershell-script', sourceScript: "'Größe'\n", executionPolicy: 'Bypass' };
    const { outcome } = await runSteps([step], { exec, platformName: 'windows', machine: WINDOWS });
    expect(outcome.error).toBeUndefined();
    expect(content?.toString('hex')).toBe(Buffer.from("\ufeff'Größe'\n").toString('hex'));
    expect(content?.subarray(0, 3).toString('hex')).toBe('efbbbf');
  });

  it('that is not signed is warned of', async () => {
    const warnings = async (sourceScript: string) =>
      (await runContent([{ step: 'run-powershell-script', sourceScript }])).log.filter((line) => /signed/.test(line));
    expect(await warnings('exit')).toHaveLength(1);
    expect(await warnings('exit\n# SIG # Begin signature block\n')).toEqual([]);
  });
});

it('its output goes into a variable, its exit code is judged', async () => {
  const step = { ...STEP, outputVariable: 'Output' };
  const answer = () => ({ exitCode: 4, lines: ['x'.repeat(1500), 'end'] });
  const { outcome, variables } = await runContent([step], { answer });
  expect(outcome.error).toMatchObject({ exitCode: 4 });
  expect(variables.get('Output')).toBe(`${'x'.repeat(996)}\nend`);
});
