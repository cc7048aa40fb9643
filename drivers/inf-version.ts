import { expandStrings } from './inf-strings.ts';
import { type InfText, infEntry, infSection } from './inf-text.ts';

/** What [Version] says, with texts put in for tokens. What is not there is left out. */
export type InfVersion = {
  /** `$WINDOWS NT$`, `$CHICAGO$`; in capitals. */
  signature?: string;
  class?: string;
  /** In capitals, with braces. */
  classGuid?: string;
  provider?: string;
  /** `YYYY-MM-DD`; left out where the date is none. */
  driverDate?: string;
  /** As many of the four numbers as are written. */
  driverVersion?: string;
};

/** Whether something is an INF of Windows at all is its signature's to say. */
export function infVersion(inf: InfText): InfVersion {
  const section = infSection(inf, 'version');
  const read = (key: string, field = 0) => {
    const value = infEntry(section, key)?.values[field];
    return value === undefined ? undefined : expandStrings(inf, value).trim();
  };
  const version: Record<keyof InfVersion, string | undefined> = {
    signature: read('signature')?.toUpperCase(),
    class: read('class'),
    classGuid: read('classguid')?.toUpperCase(),
    provider: read('provider'),
    driverDate: isoDate(read('driverver')),
    driverVersion: read('driverver', 1),
  };
  return Object.fromEntries(Object.entries(version).filter(([, value]) => value !== undefined && value !== ''));
}

/** From `month/day/year`; some write hyphens (INF DriverVer Directive: both are allowed). */
function isoDate(date: string | undefined): string | undefined {
  const match = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(date ?? '');
  if (match === null) return undefined;
  const [month, day, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const time = new Date(Date.UTC(year, month - 1, day));
  const exists = time.getUTCMonth() === month - 1 && time.getUTCDate() === day;
  return exists ? time.toISOString().slice(0, 10) : undefined;
}
