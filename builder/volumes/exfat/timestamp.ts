/** What the UTC offset of a time says when the time is in UTC: valid, and no quarters of an hour away. */
export const UTC_OFFSET = 0x80;

const FIRST = Date.UTC(1980, 0, 1) / 1000;
const LAST = Date.UTC(2107, 11, 31, 23, 59, 59) / 1000;

/**
 * A time of seconds since 1970 as exFAT stores it: 32 bits in steps of two seconds, and what is left in units of 10 ms.
 * A time outside of 1980 to 2107 becomes the nearest one inside.
 */
export function timestamp(time: number): { doubleSeconds: number; hundredths: number } {
  const date = new Date(Math.min(Math.max(Math.floor(time), FIRST), LAST) * 1000);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const seconds = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return { doubleSeconds: ((day << 16) | seconds) >>> 0, hundredths: (date.getUTCSeconds() % 2) * 100 };
}
