import { isMediasmithError } from '../contract/errors.ts';
import type { StepContext } from '../steps/context.ts';

/** Writes all there is to know of an error into the log. */
export function reportFailure(error: unknown, log: StepContext['log']): void {
  log('error', messageOf(error));
  const more = isMediasmithError(error)
    ? [error.where, ...error.lines, error.hint]
    : [error instanceof Error ? error.stack : undefined];
  for (const line of more) if (line !== undefined) log('error', line);
}

export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isMediasmithError(error) ? `${error.code}: ${message}` : message;
}

/** What else an error has to say, as an event carries it. */
export function linesOf(error: unknown): { lines?: string[] } {
  return isMediasmithError(error) && error.lines.length > 0 ? { lines: [...error.lines] } : {};
}

/** `_SMSTSLastActionRetCode`: 0 for success, the program's own code where a program failed, else 1. */
export function returnCodeOf(error: unknown): number {
  if (error === undefined) return 0;
  return isMediasmithError(error) ? (error.exitCode ?? 1) : 1;
}
