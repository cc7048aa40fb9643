import { isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import type { Argv, ExecResult } from '../../host/exec.ts';
import type { StepContext } from '../context.ts';
import { systemProgram } from '../system-program.ts';
import { protectionArgv, statusArgv } from './command-lines.ts';
import { bitlockerCode, bitlockerError } from './error-codes.ts';
import { encryptedPercent, withoutRecoveryPasswords } from './status.ts';

const POLL_SECONDS = 10;

export function manageBde(context: StepContext): string {
  return systemProgram(context, 'manage-bde');
}

/**
 * Runs manage-bde. What it prints stays out of the log, because it prints recovery passwords. `accept`: codes of
 * BitLocker that are no failure here.
 */
export async function runManageBde(
  argv: Argv,
  failure: string,
  context: StepContext,
  accept: readonly number[] = [],
): Promise<ExecResult> {
  const secrets = context.variables.secrets();
  try {
    return await context.exec(argv, { secrets, signal: context.signal });
  } catch (error) {
    if (!isMediasmithError(error)) throw error;
    if (error.code === 'TOOL_MISSING') throw missing(failure, error);
    if (error.exitCode === undefined) throw error;
    const code = bitlockerCode(error.exitCode, error.lines);
    if (accept.includes(code)) return { exitCode: code, stdout: '', stderr: '' };
    const known = bitlockerError(code);
    const shown = `0x${code.toString(16)}`;
    throw new MediasmithError(
      'TOOL_FAILED',
      `${failure}: manage-bde ended with ${known === undefined ? shown : `${shown} ${known.name}, ${known.meaning}`}`,
      {
        ...(error.where !== undefined && { where: withoutRecoveryPasswords(error.where) }),
        lines: error.lines.map(withoutRecoveryPasswords),
        exitCode: code,
        ...(known?.hint !== undefined && { hint: known.hint }),
      },
    );
  }
}

/** How much of the drive is encrypted, from 0 to 100; undefined where manage-bde does not say. */
export async function readEncryption(drive: string, context: StepContext): Promise<number | undefined> {
  const argv = statusArgv(manageBde(context), drive);
  const { stdout } = await runManageBde(argv, `the state of ${drive} cannot be read`, context);
  return encryptedPercent(stdout);
}

export async function isProtected(drive: string, context: StepContext): Promise<boolean> {
  const { exec, signal } = context;
  const { exitCode } = await exec(protectionArgv(manageBde(context), drive), { successCodes: [0, 1], signal });
  return exitCode === 0;
}

/** Waits until everything is encrypted; how long is the sequence's `timeoutSeconds`. */
export async function waitForEncryption(drive: string, context: StepContext): Promise<void> {
  for (;;) {
    context.signal.throwIfAborted();
    const done = await readEncryption(drive, context);
    if (done === undefined)
      return context.log('warning', `how much of ${drive} is encrypted cannot be read: no waiting`);
    context.emit({ event: 'progress', title: `Encrypting ${drive}`, done, total: 100, unit: 'percent' });
    if (done >= 100) return;
    await context.wait(POLL_SECONDS);
  }
}

/** Whether the machine has a TPM that can be used. Where there is none, `skip` decides between a remark and an error. */
export function hasTpm(skip: boolean, { machine, log }: Pick<StepContext, 'machine' | 'log'>): boolean {
  if (machine.tpm?.enabled === true) return true;
  const what = machine.tpm === undefined ? 'the machine has no TPM' : 'the TPM is not enabled';
  if (!skip) {
    throw new MediasmithError('READINESS_FAILED', what, {
      hint: 'Enable it in the firmware, or set skipWithoutTpm where BitLocker may be left out.',
    });
  }
  log('warning', `${what}: nothing is encrypted`);
  return false;
}

function missing(failure: string, cause: MediasmithError): MediasmithError {
  return new MediasmithError('TOOL_MISSING', `${failure}: there is no manage-bde.exe that starts`, {
    hint: 'In WinPE it comes with the optional components WinPE-WMI and WinPE-SecureStartup.',
    cause,
  });
}
