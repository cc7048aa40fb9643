/** Hands out names under which every id keeps its own: lower-case letters, digits and `-`, at most 64. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #byKey = new Map<string, string>();
  /** The number a base was last given, so that many of one base cost no more than others. */
  readonly #counts = new Map<string, number>();

  /** The name of a thing, the same each time. */
  of(key: string, wanted: string): string {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const name = this.unused(wanted);
    this.#byKey.set(key, name);
    return name;
  }

  /** A name nobody has yet. */
  unused(wanted: string): string {
    const base = slug(wanted);
    let name = base;
    let count = this.#counts.get(base) ?? 1;
    while (this.#taken.has(name)) name = `${base.slice(0, MOST - 7)}-${++count}`;
    this.#counts.set(base, count);
    this.#taken.add(name);
    return name;
  }
}

const MOST = 64;

/** `Windows 11 (24H2)` is `windows-11-24h2`. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, '-').slice(0, MOST);
  return words.replace(/^-+|-+$/g, '') || 'unnamed';
}
