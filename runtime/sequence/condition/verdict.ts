import { MediasmithError } from '../../contract/errors.ts';

/** Whether a condition holds, and a line that says why. */
export type Verdict = { holds: boolean; why: string };

/** What was found and what was asked of it, as every line says it. */
export function verdict(holds: boolean, what: string, found: string, asked: string): Verdict {
  return { holds, why: `${what} (${found}) ${asked} is ${holds}` };
}

/** The reason alone: whoever evaluates the whole adds which condition it is. */
export function notEvaluated(reason: string, hint: string, cause?: unknown): MediasmithError {
  return new MediasmithError('CONDITION_NOT_EVALUATED', reason, { hint, ...(cause === undefined ? {} : { cause }) });
}
