/** A name of eight and three characters, and the flags that say which part of it is shown in small letters. */
export type ShortName = { bytes: Buffer; flags: number /** Whether it says all of the name. */; whole: boolean };

const SMALL_BASE = 0x08;
const SMALL_EXTENSION = 0x10;
const FITTING = /^([!#$%&'()\-0-9@A-Z^_`{}~]{1,8})(?:\.([!#$%&'()\-0-9@A-Z^_`{}~]{1,3}))?$/i;
const NOT_FITTING = /[^!#$%&'()\-0-9@A-Z^_`{}~]/g;
/** What Windows keeps of a name before "~1". */
const STEM = 6;

/** The short name that is the name itself, but for its case; none where there is no such. */
export function ownShortName(name: string): ShortName | undefined {
  const [, base, extension = ''] = FITTING.exec(name) ?? [];
  if (base === undefined) return undefined;
  return {
    bytes: shortNameBytes(base.toUpperCase(), extension.toUpperCase()),
    flags: (isSmall(base) ? SMALL_BASE : 0) | (isSmall(extension) ? SMALL_EXTENSION : 0),
    whole: isOneCase(base) && isOneCase(extension),
  };
}

/** The short names of one folder, no two the same. */
export class ShortNames {
  readonly #taken = new Set<string>();
  readonly #last = new Map<string, number>();

  /** False where it is taken. */
  take(bytes: Buffer): boolean {
    const key = bytes.toString('latin1');
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }

  /** A new one for a name that has none of its own: its first letters, "~" and a number. */
  make(name: string): Buffer {
    const { base, extension } = stemOf(name);
    const stem = `${base.slice(0, STEM)}.${extension}`;
    for (let number = (this.#last.get(stem) ?? 0) + 1; ; number++) {
      const tail = `~${number}`;
      const bytes = shortNameBytes(base.slice(0, 8 - Math.max(tail.length, 8 - STEM)) + tail, extension);
      if (!this.take(bytes)) continue;
      this.#last.set(stem, number);
      return bytes;
    }
  }
}

function stemOf(name: string): { base: string; extension: string } {
  const text = name.replace(/ /g, '').replace(/^\.+/, '');
  const dot = text.lastIndexOf('.');
  const base = (dot < 0 ? text : text.slice(0, dot)).replace(/\./g, '');
  const fit = (part: string) => part.toUpperCase().replace(NOT_FITTING, '_');
  return { base: fit(base).slice(0, 8) || '_', extension: dot < 0 ? '' : fit(text.slice(dot + 1)).slice(0, 3) };
}

function shortNameBytes(base: string, extension: string): Buffer {
  return Buffer.from(base.padEnd(8) + extension.padEnd(3), 'latin1');
}

function isSmall(part: string): boolean {
  return part !== part.toUpperCase() && part === part.toLowerCase();
}

function isOneCase(part: string): boolean {
  return part === part.toUpperCase() || part === part.toLowerCase();
}
