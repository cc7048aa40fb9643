/** Bytes of an entry in a folder, of any kind. */
export const ENTRY = 32;
export const LONG_NAME = 0x0f;

const UNITS = 13;
const LAST_PIECE = 0x40;
const UNIT_OFFSETS = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

/** The entries that precede the short one, the end of the name first. */
export function longNameEntries(name: string, shortName: Uint8Array): Buffer {
  const pieces = Math.ceil(name.length / UNITS);
  const entries = Buffer.alloc(pieces * ENTRY);
  const sum = shortNameSum(shortName);
  for (let piece = pieces; piece > 0; piece--) {
    const entry = entries.subarray((pieces - piece) * ENTRY, (pieces - piece + 1) * ENTRY);
    entry.writeUInt8(piece === pieces ? piece | LAST_PIECE : piece, 0);
    entry.writeUInt8(LONG_NAME, 11);
    entry.writeUInt8(sum, 13);
    for (const [index, offset] of UNIT_OFFSETS.entries()) {
      const at = (piece - 1) * UNITS + index;
      entry.writeUInt16LE(at < name.length ? name.charCodeAt(at) : at === name.length ? 0 : 0xffff, offset);
    }
  }
  return entries;
}

/** What ties a long name to its short one. */
export function shortNameSum(shortName: Uint8Array): number {
  return shortName.reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0);
}

/** Collects the pieces of a name on the way to its short entry. */
export class LongNameReader {
  #units: number[] = [];
  #next = -1;
  #sum = 0;

  add(entry: Buffer): void {
    const order = entry.readUInt8(0);
    if (order & LAST_PIECE) {
      this.#units = [];
      this.#sum = entry.readUInt8(13);
      this.#next = order & ~LAST_PIECE;
    }
    const follows = (order & ~LAST_PIECE) === this.#next && entry.readUInt8(13) === this.#sum;
    this.#next = follows ? this.#next - 1 : -1;
    if (follows) this.#units.unshift(...UNIT_OFFSETS.map((offset) => entry.readUInt16LE(offset)));
  }

  reset(): void {
    this.#next = -1;
  }

  /** The name, where all pieces were there and belong to this short one. It is forgotten then. */
  take(shortName: Uint8Array): string | undefined {
    const whole = this.#next === 0 && this.#sum === shortNameSum(shortName);
    this.reset();
    if (!whole) return undefined;
    const end = this.#units.indexOf(0);
    return String.fromCharCode(...(end < 0 ? this.#units : this.#units.slice(0, end)));
  }
}
