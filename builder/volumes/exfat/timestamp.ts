import { dosTime } from '../shared/dos-time.ts';

/** What the UTC offset of a time says when the time is in UTC: valid, and no quarters of an hour away. */
export const UTC_OFFSET = 0x80;

/**
 * A time of seconds since 1970 as exFAT stores it: 32 bits in steps of two seconds, and what is left in units of 10 ms.
 * A time outside of 1980 to 2107 becomes the nearest one inside.
 */
export function timestamp(seconds: number): { doubleSeconds: number; hundredths: number } {
  const { date, time, hundredths } = dosTime(seconds);
  return { doubleSeconds: ((date << 16) | time) >>> 0, hundredths };
}
