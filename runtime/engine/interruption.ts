import { isMediasmithError } from '../contract/errors.ts';

export function isInterruption(error: unknown): boolean {
  return isMediasmithError(error) && error.code === 'INTERRUPTED';
}

/** Whether somebody has ended the run from outside, which a timeout on the same signal is not. */
export function isInterrupted(signal: AbortSignal): boolean {
  return signal.aborted && isInterruption(signal.reason);
}
