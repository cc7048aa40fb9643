import { MediasmithError } from '../../../runtime/contract/errors.ts';

/** `DEVICE_FAILED`, with the system's own words. */
export function deviceFailed(message: string, cause: unknown): MediasmithError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MediasmithError('DEVICE_FAILED', `${message}: ${why}`, {
    hint: 'Try another port or another stick. What is on it now does not start.',
    cause,
  });
}
