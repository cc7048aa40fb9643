import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run, StepContext } from '../context.ts';
import { powershellArgv, powershellInput, powershellProgram } from '../powershell.ts';

type Options = StepOptions<'join-domain-or-workgroup'>;

/**
 * By Add-Computer, which every full Windows has: netdom comes with the server's administration tools only. The account
 * and its password go through standard input, so that no command line and no file holds them.
 */
export const runJoinDomainOrWorkgroup: Run<Options> = async (options, context) => {
  if (isMember(options, context)) {
    context.log('info', `the machine belongs to ${options.domain ?? options.workgroup} already`);
    return;
  }
  if (options.domain !== undefined) await joinDomain(options, options.domain, context);
  else if (options.workgroup !== undefined) await joinWorkgroup(options.workgroup, context);
  else {
    throw new MediasmithError('STEP_FAILED', 'neither a domain nor a workgroup is named', {
      hint: 'Set domain or workgroup, or OSDJoinDomainName or OSDJoinWorkgroupName.',
    });
  }
  if (!options.skipRestart) context.requestRestart();
};

/** Add-Computer calls it an error. */
function isMember({ domain, workgroup }: Options, { machine }: StepContext): boolean {
  const system = machine.operatingSystem;
  if (system === undefined) return false;
  const isSame = (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase();
  return domain === undefined
    ? system.domain === '' && isSame(system.workgroup, workgroup)
    : isSame(system.domain, domain);
}

async function joinDomain(options: Options, domain: string, context: StepContext): Promise<void> {
  const { account, password, organizationalUnit } = options;
  if (account === undefined || password === undefined || password === '') {
    throw new MediasmithError('STEP_FAILED', `no account and password are given to join the domain ${domain}`, {
      hint: 'Set account and password, or OSDJoinAccount and OSDJoinPassword.',
    });
  }
  context.log('info', `joining the domain ${domain} as ${account}`);
  const argv = joinDomainArgv(powershellProgram(context));
  const wish = { domain, account, password, organizationalUnit };
  await run(argv, wish, [password], context);
}

async function joinWorkgroup(workgroup: string, context: StepContext): Promise<void> {
  context.log('info', `joining the workgroup ${workgroup}`);
  await run(joinWorkgroupArgv(powershellProgram(context)), { workgroup }, [], context);
}

async function run(
  argv: Argv,
  wish: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
  { exec, signal, variables, log }: StepContext,
): Promise<void> {
  await exec(argv, {
    input: powershellInput(wish),
    secrets: [...variables.secrets(), ...secrets],
    signal,
    onLine: (line) => log('info', line),
  });
}

export function joinDomainArgv(powershell: string): Argv {
  return powershellArgv(powershell, [
    '$password = ConvertTo-SecureString $wish.password -AsPlainText -Force',
    '$credential = New-Object System.Management.Automation.PSCredential($wish.account, $password)',
    '$where = @{ DomainName = $wish.domain; Credential = $credential }',
    'if ($wish.organizationalUnit) { $where.OUPath = $wish.organizationalUnit }',
    'Add-Computer @where -Force',
  ]);
}

export function joinWorkgroupArgv(powershell: string): Argv {
  return powershellArgv(powershell, ['Add-Computer -WorkgroupName $wish.workgroup -Force']);
}
