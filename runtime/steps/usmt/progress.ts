/**
 * How far a progress log has come, from 0 to 100: its last line of the kind
 * `15 Jan 2011, 20:46:21 -08:00, 00:04:48, totalPercentageCompleted, 48` (Microsoft: "USMT Log Files"). Pure.
 */
export function lastPercent(log: string): number | undefined {
  const found = [...log.matchAll(/,\s*totalPercentageCompleted\s*,\s*(\d{1,3})\b/gi)].at(-1)?.[1];
  return found === undefined ? undefined : Math.min(100, Number(found));
}
