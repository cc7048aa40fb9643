import { existsSync } from 'node:fs';
import { MediasmithError } from '../contract/errors.ts';
import { isTrue, type RunAs } from '../contract/option-fields.ts';
import { findProgram, formatArguments, parseCommandLine, splitProgram } from '../host/command-line.ts';
import type { Argv, ExecResult } from '../host/exec.ts';
import type { StepContext } from './context.ts';
import { runAsAccount } from './run-as.ts';

/** A command as sequences and manifests hold it: one text as Windows takes it, or a list. */
export type Command = string | readonly string[];

export type CommandWish = {
  command: Command;
  /** The folder it is started in. */
  folder: string;
  /** Instead of those of the step. */
  successCodes?: readonly number[];
  /** Called for each line of output, besides the log. */
  onLine?: (line: string) => void;
  /** The account instead of our own; `granted` is the temporary folder it may use. */
  as?: { runAs: RunAs; granted: string } | undefined;
  /** How logs and errors show it, where not as it is. */
  shown?: string;
};

/** Runs a command of the sequence's author. `OSDDoNotLogCommand` keeps the command line out of the log and of errors. */
export async function runCommand(wish: CommandWish, context: StepContext): Promise<ExecResult> {
  const { folder, successCodes, onLine, as } = wish;
  const command = expandEnvironment(wish.command, context);
  const argv = argvOf(command);
  const hidden = isTrue(context.variables.get('OSDDoNotLogCommand'));
  const shown = hidden ? `${argv[0]} ...` : (wish.shown ?? shownCommand(command));
  context.log('info', `command line: ${shown}`);
  const each = (line: string): void => {
    context.log('info', line);
    onLine?.(line);
  };
  if (as !== undefined) {
    // The Task Scheduler does not look into the folder it starts a program in.
    const program = findProgram(argv[0], { folder, folders: [], exists: existsSync }) ?? argv[0];
    return runAsAccount({ ...as, program, rest: restOf(command), folder, shown, onLine: each }, context);
  }
  return context.run(argv, {
    cwd: folder,
    shown,
    ...(typeof command === 'string' && { commandLine: command }),
    ...(successCodes !== undefined && { successCodes: asEither(successCodes) }),
    onLine: each,
  });
}

/** The program and its arguments. `STEP_FAILED` where a variable has left nothing of it. */
export function argvOf(command: Command): Argv {
  const [program, ...args] = (typeof command === 'string' ? parseCommandLine(command) : command) ?? [];
  if (program !== undefined && program !== '') return [program, ...args];
  throw new MediasmithError('STEP_FAILED', 'the command line is empty', {
    hint: 'A variable in it may have no value.',
  });
}

/**
 * Replaces what is left of %names% by the system's environment: no shell reads a command line that would do so. A
 * name that the environment does not have stays as it stands.
 */
export function expandEnvironment<T extends Command>(
  command: T,
  { facts }: { facts: Pick<StepContext['facts'], 'system'> },
): T {
  const expand = (text: string): string =>
    text.replace(/%([^%\s]+)%/g, (literal, name: string) => facts.system.environment(name) ?? literal);
  return (typeof command === 'string' ? expand(command) : command.map(expand)) as T;
}

/** Programs give codes above 2^31 as negative numbers or not, and people write them either way. */
export function asEither(codes: readonly number[]): number[] {
  return [...new Set(codes.flatMap((code) => [code, code >>> 0, code | 0]))];
}

/** Without quotes of ours: a secret that holds a quote must be found in it. */
function shownCommand(command: Command): string {
  return typeof command === 'string' ? command.trim() : command.join(' ');
}

function restOf(command: Command): string {
  return typeof command === 'string' ? splitProgram(command).rest : formatArguments(command.slice(1));
}
