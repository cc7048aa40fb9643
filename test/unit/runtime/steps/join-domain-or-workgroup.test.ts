import { describe, expect, it } from 'vitest';
import { joinDomainArgv, joinWorkgroupArgv } from '../../../../runtime/steps/join-domain-or-workgroup/run.ts';
import { powershellInput } from '../../../../runtime/steps/powershell.ts';
import { runContent } from '../../../helpers/run-content.ts';

const JOIN = { step: 'join-domain-or-workgroup', domain: 'example.com', account: 'EX\\joiner', password: "hunt'er5ä" };
const AFTER = { step: 'run-command-line', command: 'after' };

it('the command lines hold nothing of what is joined', () => {
  expect(joinDomainArgv('powershell.exe')).toMatchInlineSnapshot(`
    [
      "powershell.exe",
      "-NoLogo",
      "-NoProfile",
      "-NonInteractive",
      "-Command",
      "$ErrorActionPreference = 'Stop'; $wish = (@($input) -join '') | ConvertFrom-Json; $password = ConvertTo-SecureString $wish.password -AsPlainText -Force; $credential = New-Object System.Management.Automation.PSCredential($wish.account, $password); $where = @{ DomainName = $wish.domain; Credential = $credential }; if ($wish.organizationalUnit) { $where.OUPath = $wish.organizationalUnit }; Add-Computer @where -Force",
    ]
  `);
  expect(joinWorkgroupArgv('powershell.exe').at(-1)).toMatchInlineSnapshot(
    `"$ErrorActionPreference = 'Stop'; $wish = (@($input) -join '') | ConvertFrom-Json; Add-Computer -WorkgroupName $wish.workgroup -Force"`,
  );
});

describe('a domain', () => {
  it('is joined with what comes through standard input, then the machine restarts', async () => {
    const { outcome, calls } = await runContent([{ ...JOIN, organizationalUnit: 'OU=A,DC=example' }, AFTER]);
    expect(outcome).toEqual({ action: 'restart', continues: 'full-os' });
    expect(calls).toHaveLength(1);
    expect(JSON.parse(String(calls[0]?.options.input))).toEqual({
      domain: 'example.com',
      account: 'EX\\joiner',
      password: "hunt'er5ä",
      organizationalUnit: 'OU=A,DC=example',
    });
  });

  it('is joined without a restart where the step says so', async () => {
    const { outcome, calls } = await runContent([{ ...JOIN, skipRestart: true }, AFTER]);
    expect([outcome, calls.length]).toEqual([{ action: 'restart' }, 2]);
  });

  it('does not show its password in a failure', async () => {
    const answer = () => ({ exitCode: 1, lines: ["Add-Computer : hunt'er5ä"] });
    const { outcome, calls, events } = await runContent([JOIN], { answer });
    expect(outcome.error).toMatchObject({ code: 'TOOL_FAILED', lines: ['Add-Computer : ********'] });
    expect(JSON.stringify([events, outcome.error, calls[0]?.argv])).not.toContain('er5');
  });

  it('needs an account and its password', async () => {
    const { outcome, calls } = await runContent([{ ...JOIN, password: '' }]);
    expect([outcome.error, calls]).toMatchObject([{ code: 'STEP_FAILED' }, []]);
  });
});

describe('a workgroup', () => {
  it('is joined', async () => {
    const { calls } = await runContent([{ step: 'join-domain-or-workgroup', workgroup: 'LAB' }]);
    expect(calls[0]?.options.input).toBe('{"workgroup":"LAB"}\n');
  });

  it('that the machine is in already is left alone, without a restart', async () => {
    const { outcome, ran } = await runContent([{ step: 'join-domain-or-workgroup', workgroup: 'workgroup' }, AFTER]);
    expect([outcome, ran]).toEqual([{ action: 'restart' }, ['after']]);
  });

  it('or a domain must be named', async () => {
    const { outcome } = await runContent([{ step: 'join-domain-or-workgroup' }]);
    expect(outcome.error).toMatchObject({ message: 'neither a domain nor a workgroup is named' });
  });
});

it('what PowerShell reads is ASCII on one line', () => {
  const text = powershellInput({ a: 'ä€😀\n"\\' });
  expect(text).toBe('{"a":"\\u00e4\\u20ac\\ud83d\\ude00\\n\\"\\\\"}\n');
  expect(JSON.parse(text)).toEqual({ a: 'ä€😀\n"\\' });
});
