import { MediasmithError } from '../runtime/contract/errors.ts';
import { caseKey } from './volumes/shared/names.ts';

const NAME_UNITS = 255;
/** As Node reads a name that is no UTF-8. */
const NOT_TEXT = '\ufffd';
const SIGNS = /[<>:"\\|?*]/;
/** Whatever follows the first dot, and spaces before it (Microsoft: "Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|$)/i;
const MOST_LINES = 20;

/**
 * Refuses what a Windows cannot hold or tell apart: `NAME_NOT_ALLOWED`. `paths` are relative, with forward slashes, folders
 * among them; `what` says whose they are, `where` the folder or file they come from.
 */
export function refuseWindowsNames(what: string, where: string, paths: readonly string[]): void {
  const lines = [
    ...paths.flatMap((path) => {
      const why = whyNot(path.slice(path.lastIndexOf('/') + 1));
      return why === undefined ? [] : [`${JSON.stringify(path)}: ${why}`];
    }),
    ...clashes(paths),
  ];
  if (lines.length === 0) return;
  const more = lines.length > MOST_LINES ? [`and ${lines.length - MOST_LINES} more`] : [];
  const [first] = lines;
  const message =
    lines.length === 1 ? `Windows cannot hold ${first}` : `Windows cannot hold ${lines.length} of its names`;
  throw new MediasmithError('NAME_NOT_ALLOWED', `${what}: ${message}`, {
    where,
    ...(lines.length > 1 && { lines: [...lines.slice(0, MOST_LINES), ...more] }),
    hint: 'Rename them there.',
  });
}

function whyNot(name: string): string | undefined {
  if (SIGNS.test(name)) return 'none of < > : " \\ | ? * may be in a name';
  if (/\p{Cc}/u.test(name)) return 'a control character is in the name';
  if (name.includes(NOT_TEXT)) return 'the name is not UTF-8';
  if (/[. ]$/.test(name)) return 'the name ends with a dot or a space';
  if (DEVICE.test(name)) return 'the name is that of a device';
  if (name.length > NAME_UNITS) return `the name is longer than ${NAME_UNITS} UTF-16 units`;
  return undefined;
}

/** Each path whose own name differs from that of another in nothing but case. */
function clashes(paths: readonly string[]): string[] {
  const seen = new Map<string, string>();
  return paths.flatMap((path) => {
    const key = caseKey(path);
    const other = seen.get(key);
    if (other === undefined) seen.set(key, path);
    const sameFolder = other?.slice(0, other.lastIndexOf('/') + 1) === path.slice(0, path.lastIndexOf('/') + 1);
    const clash = other !== undefined && other !== path && sameFolder;
    return clash ? [`${JSON.stringify(path)}: differs from ${JSON.stringify(other)} in nothing but case`] : [];
  });
}
