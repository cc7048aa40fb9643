/** Date, time and hundredths as a folder entry of FAT holds them. */
export type DosTime = { date: number; time: number; hundredths: number };

const FIRST = Date.UTC(1980, 0, 1) / 1000;
const LAST = Date.UTC(2107, 11, 31, 23, 59, 59) / 1000;

/** Seconds since 1970; what it cannot say becomes its first or last second. */
export function dosTime(seconds: number): DosTime {
  const at = new Date(Math.min(Math.max(Math.trunc(seconds), FIRST), LAST) * 1000);
  return {
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    hundredths: (at.getUTCSeconds() % 2) * 100,
  };
}
