import {
  checkbox as askCheckbox,
  confirm as askConfirm,
  input as askInput,
  select as askSelect,
} from '@inquirer/prompts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { fit } from './fit.ts';

/** `short` is what stands there when it was chosen. */
export type Choice<Value> = { value: Value; name: string; short?: string; description?: string };

/** The width of the person's screen. */
export const screenColumns = (): number => process.stderr.columns || 80;

/** Says what is wrong with an answer, or nothing. */
export type Check = (answer: string) => string | undefined | Promise<string | undefined>;

/** Somebody sits there who can be asked: both what is read and what is written to is a terminal. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** One of several. */
export function select<Value>(
  signal: AbortSignal,
  { message, choices, standard }: { message: string; choices: readonly Choice<Value>[]; standard?: NoInfer<Value> },
): Promise<Value> {
  return asked(signal, (context) =>
    askSelect({ message, choices, loop: false, ...(standard !== undefined && { default: standard }) }, context),
  );
}

/** Any of several; those with `checked` are chosen unless somebody changes that. */
export function checkbox<Value>(
  signal: AbortSignal,
  {
    message,
    choices,
    required = false,
  }: { message: string; choices: readonly (Choice<Value> & { checked?: boolean })[]; required?: boolean },
): Promise<Value[]> {
  return asked(signal, (context) => askCheckbox({ message, choices, required, loop: false }, context));
}

/** A line of text, without the spaces around it; empty where there is no standard answer and nothing was typed. */
export async function input(
  signal: AbortSignal,
  { message, standard, check = () => undefined }: { message: string; standard?: string; check?: Check },
): Promise<string> {
  const validate = async (answer: string) => (await check(answer.trim())) ?? true;
  const answer = await asked(signal, (context) =>
    askInput(
      {
        message,
        validate,
        transformer: (value, { isFinal }) => (isFinal ? fit(value, roomBeside(message)) : value),
        ...(standard !== undefined && { default: standard }),
      },
      context,
    ),
  );
  return answer.trim();
}

/** Columns that a message leaves to its answer on the same line. */
function roomBeside(message: string): number {
  const columns = screenColumns();
  return Math.max(12, columns - message.length - '?  '.length - 1);
}

/** Yes or no. */
export function confirm(
  signal: AbortSignal,
  { message, standard }: { message: string; standard: boolean },
): Promise<boolean> {
  return asked(signal, (context) => askConfirm({ message, default: standard }, context));
}

type PromptContext = { signal: AbortSignal; output: NodeJS.WritableStream };

/**
 * Asks on standard error: standard output is for results. `INTERRUPTED` on Ctrl-C, on Ctrl-D and when `signal` fires.
 */
async function asked<T>(signal: AbortSignal, ask: (context: PromptContext) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const onKey = (_: string | undefined, key?: { ctrl?: boolean; name?: string }): void => {
    if (key?.ctrl === true && key.name === 'd') ended.abort();
  };
  const onEnd = (): void => ended.abort();
  process.stdin.on('keypress', onKey).on('end', onEnd);
  try {
    return await ask({ signal: AbortSignal.any([signal, ended.signal]), output: process.stderr });
  } catch (cause) {
    // Ctrl-C is a key while a prompt reads: no signal comes.
    if (!(cause instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(cause.name)) throw cause;
    throw new MediasmithError('INTERRUPTED', 'interrupted: nothing was left half-written', { cause });
  } finally {
    process.stdin.off('keypress', onKey).off('end', onEnd);
  }
}
