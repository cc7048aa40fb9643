import type { FileHandle } from 'node:fs/promises';
import { MediasmithError } from '../../../runtime/contract/errors.ts';

/** `DEVICE_FAILED`, with the system's own words. */
export function deviceFailed(message: string, cause: unknown): MediasmithError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MediasmithError('DEVICE_FAILED', `${message}: ${why}`, {
    hint: 'Try another port or another stick. What is on it now does not start.',
    cause,
  });
}

/** All that was written is on the device. `DEVICE_FAILED` where it does not take it. */
export async function syncDevice(to: FileHandle): Promise<void> {
  await to.sync().catch((cause) => {
    throw deviceFailed('it has not taken everything', cause);
  });
}
