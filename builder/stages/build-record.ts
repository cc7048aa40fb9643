import { hostname, userInfo } from 'node:os';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { BuildRecord } from '../../runtime/contract/manifest.ts';

/**
 * Who builds a medium and when: the user of this machine; now, or `SOURCE_DATE_EPOCH` (seconds), by which two builds are
 * the same again. `USAGE` for a SOURCE_DATE_EPOCH that is no number.
 */
export function buildRecord(environment: NodeJS.ProcessEnv = process.env, now = new Date()): BuildRecord {
  return { by: `${userName()}@${hostname()}`, at: momentOf(environment.SOURCE_DATE_EPOCH, now).toISOString() };
}

function momentOf(epoch: string | undefined, now: Date): Date {
  if (epoch === undefined || epoch === '') return now;
  if (/^\d{1,11}$/.test(epoch)) return new Date(Number(epoch) * 1000);
  throw new MediasmithError('USAGE', `SOURCE_DATE_EPOCH is ${JSON.stringify(epoch)} and no number of seconds`, {
    hint: 'Set it to seconds since 1970, or unset it.',
  });
}

/** A user without an entry in the system's list has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
