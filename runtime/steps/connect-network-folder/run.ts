import { isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import { SHARE_ERRORS } from '../../platform/win32/share-errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';
import { systemProgram } from '../system-program.ts';

type Options = StepOptions<'connect-network-folder'>;
type Wish = Pick<Options, 'path' | 'driveLetter' | 'account' | 'password'>;

/** The connection lasts until the next restart, and belongs to the account the sequence runs as. */
export const runConnectNetworkFolder: Run<Options> = async (options, context) => {
  const { path, password = '' } = options;
  if (password === '*') {
    throw new MediasmithError('STEP_FAILED', 'a password of one * has net.exe ask for it, which nobody answers');
  }
  const argv = netUseArgv(systemProgram(context, 'net'), options);
  const secrets = [...context.variables.secrets(), password];
  context.log('info', `connecting to ${path}`);
  try {
    await context.exec(argv, { secrets, signal: context.signal, onLine: (line) => context.log('info', line) });
  } catch (error) {
    throw describe(error, path);
  }
};

/**
 * net use (Microsoft: "Net use"). It takes the password as an argument: in WinPE nobody else is there, in the full OS
 * another account does not see the arguments of Local System's programs, an audit of process creation may keep them.
 */
export function netUseArgv(net: string, { path, driveLetter, account, password }: Wish): Argv {
  return [
    net,
    'use',
    ...(driveLetter === undefined ? [] : [`${driveLetter.charAt(0).toUpperCase()}:`]),
    path,
    ...(account === undefined ? [] : [password ?? '', `/user:${account}`]),
    '/persistent:no',
  ];
}

/** net.exe writes Windows' number in a sentence of the system's language. */
function describe(error: unknown, path: string): unknown {
  if (!isMediasmithError(error) || error.exitCode === undefined) return error;
  const number = error.lines.map((line) => /\b(\d{1,5})\b/.exec(line)?.[1]).find((found) => found !== undefined);
  const meaning = number === undefined ? undefined : SHARE_ERRORS[Number(number)];
  const { where, lines, exitCode } = error;
  return new MediasmithError('STEP_FAILED', `${path} cannot be connected to${meaning ? `: ${meaning}` : ''}`, {
    lines,
    exitCode,
    cause: error,
    ...(where !== undefined && { where }),
  });
}
