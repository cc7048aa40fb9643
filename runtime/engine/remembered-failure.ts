import { type ErrorCode, isMediasmithError, MediasmithError } from '../contract/errors.ts';
import type { Failure } from './journal/records.ts';
import { messageOf } from './report-failure.ts';

type Remembered = { outcome: 'failed'; error: string; failure?: Failure };

/** How a journal remembers what has failed, without its secrets. */
export function rememberFailure(error: unknown, hide: (text: string) => string): Remembered {
  const remembered = { outcome: 'failed', error: hide(messageOf(error)) } as const;
  if (!isMediasmithError(error)) return remembered;
  const { code, message, where, hint, lines, exitCode } = error;
  const failure: Failure = {
    ...{ code, message: hide(message), lines: lines.map(hide) },
    ...(where !== undefined && { where: hide(where) }),
    ...(hint !== undefined && { hint: hide(hint) }),
    ...(exitCode !== undefined && { exitCode }),
  };
  return { ...remembered, failure };
}

/** What had failed, as a person was told of it then. */
export function rememberedError({
  error,
  failure,
}: {
  error?: string | undefined;
  failure?: Failure | undefined;
}): Error {
  if (failure === undefined) return new Error(error ?? '');
  const { code, message, ...details } = failure;
  return new MediasmithError(code as ErrorCode, message, details);
}
