const CIM = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(?:\.\d{6}(?:([+-])(\d{3}))?)?)?$/;
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?Z?)?$/;
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))? ?(AM|PM)?)?$/i;

/** A date in the form WMI writes it: `20240131000000.000000+000`. */
export function cimDatetime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}.000000+000`;
}

/**
 * Milliseconds since 1970 of a date in CIM's form (the offset in minutes), as `2024-01-31 10:00:00` or as
 * `1/31/2024 10:00 PM`; undefined where it is none. Without an offset it is UTC.
 */
export function datetimeOf(text: string): number | undefined {
  const cim = CIM.exec(text);
  if (cim !== null) {
    const offset = Number(`${cim[7] ?? '+'}${cim[8] ?? '0'}`);
    return instant([cim[1], cim[2], cim[3], cim[4], cim[5], cim[6]], offset);
  }
  const iso = ISO.exec(text);
  if (iso !== null) return instant(iso.slice(1), 0);
  const american = AMERICAN.exec(text);
  if (american === null) return undefined;
  const [, month, day, year, hour, minute, second, half] = american;
  return instant([year, month, day, hourOf(hour, half), minute, second], 0);
}

function hourOf(hour: string | undefined, half: string | undefined): string | undefined {
  if (half === undefined) return hour;
  return String((Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0));
}

function instant(parts: readonly (string | undefined)[], offsetMinutes: number): number | undefined {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real ? time - offsetMinutes * 60_000 : undefined;
}
