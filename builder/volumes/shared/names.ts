import { MediasmithError } from '../../../runtime/contract/errors.ts';

const NAME_UNITS = 255;
const RESERVED = /["*/:<>?\\|]/;

/**
 * Refuses what neither FAT32 nor exFAT holds or tells apart, every bad path in the error's lines: `NAME_NOT_ALLOWED`.
 * Names are the same for both where they differ in nothing but case.
 */
export function checkPaths(paths: readonly string[]): void {
  const lines = paths.flatMap((path) => {
    const why = whyNot(path);
    return why === undefined ? [] : [`${path}: ${why}`];
  });
  lines.push(...clashes(paths));
  if (lines.length > 0) throw namesNotAllowed(lines);
}

export function namesNotAllowed(lines: readonly string[]): MediasmithError {
  return new MediasmithError('NAME_NOT_ALLOWED', 'a volume of this format cannot hold these names', {
    lines,
    hint: 'Rename the files.',
  });
}

/** Two names with the same key are one name. Unit by unit, as Windows does it: no letter becomes two or an ASCII one. */
export function caseKey(name: string): string {
  return ASCII.test(name)
    ? name.toUpperCase()
    : Array.from({ length: name.length }, (_, at) => upper(name[at] ?? '')).join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant.
const ASCII = /^[\x00-\x7f]*$/;

function upper(unit: string): string {
  const large = unit.toUpperCase();
  return large.length === 1 && (unit < '\x80' || large >= '\x80') ? large : unit;
}

function whyNot(path: string): string | undefined {
  for (const name of path.split('/')) {
    if (name === '') return 'a name is empty';
    if (name === '.' || name === '..') return `"${name}" stands for a folder`;
    if (RESERVED.test(name)) return 'none of " * / : < > ? \\ | may be in a name';
    if ([...name].some((character) => character < ' ')) return 'a control character is in a name';
    if (!name.isWellFormed()) return 'half a character is in a name';
    if (/[. ]$/.test(name)) return 'a name ends with a dot or a space';
    if (name.length > NAME_UNITS) return `a name is longer than ${NAME_UNITS} UTF-16 units`;
  }
  return undefined;
}

type Seen = { path: string; file: boolean };

function clashes(paths: readonly string[]): string[] {
  const seen = new Map<string, Seen>();
  const lines = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      meet({ path: path.slice(0, end), file: false });
    }
    meet({ path, file: true });
  }
  return [...lines];

  function meet(one: Seen): void {
    const key = caseKey(one.path);
    const other = seen.get(key);
    if (!other) seen.set(key, one);
    else if (other.path === one.path && other.file !== one.file) lines.add(`${one.path}: a file and a folder`);
    else if (other.file && one.file && other.path === one.path) lines.add(`${one.path}: named twice`);
    else if (nameOf(other.path) !== nameOf(one.path))
      lines.add(`${one.path}: ${other.path} differs in nothing but case`);
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
