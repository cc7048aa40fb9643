import { checksum16, checksum32 } from './checksum.ts';
import { corrupt } from './errors.ts';
import { UPCASE_RANGES } from './upcase-ranges.ts';

const UNITS = 0x1_0000;
/** In a stored table: as many units as the next number says are their own large letters. */
const IDENTITY_RUN = 0xffff;
/** Shorter runs are stored unit by unit, as in the table that Windows writes. */
const SHORTEST_RUN = 512;

/** The large form of each UTF-16 unit: what a volume compares its names by. */
export class UpcaseTable {
  readonly #units: Uint16Array;

  constructor(units: Uint16Array) {
    this.#units = units;
  }

  upper(name: string): string {
    return String.fromCharCode(...Array.from({ length: name.length }, (_, at) => this.#upper(name.charCodeAt(at))));
  }

  /** The hash that a file's stream entry keeps of its name. */
  hash(name: string): number {
    return checksum16(Buffer.from(this.upper(name), 'utf16le'));
  }

  /** As it is stored. */
  compress(): Buffer {
    const stored: number[] = [];
    for (let unit = 0; unit < UNITS; ) {
      let run = 0;
      while (unit + run < UNITS && this.#upper(unit + run) === unit + run) run += 1;
      if (run >= SHORTEST_RUN) stored.push(IDENTITY_RUN, run);
      else for (let at = 0; at < Math.max(run, 1); at++) stored.push(this.#upper(unit + at));
      unit += Math.max(run, 1);
    }
    return Buffer.from(Uint16Array.from(stored).buffer);
  }

  #upper(unit: number): number {
    return this.#units[unit] ?? unit;
  }
}

/** The table of a new volume: the one the specification recommends. */
export function recommendedUpcaseTable(): UpcaseTable {
  const units = Uint16Array.from({ length: UNITS }, (_, unit) => unit);
  for (const [first, last, step, distance] of UPCASE_RANGES) {
    for (let unit = first; unit <= last; unit += step) units[unit] = unit + distance;
  }
  return new UpcaseTable(units);
}

/** A table as a volume stores it, compressed or not. `MEDIUM_CORRUPT` where it is not the one its checksum stands for. */
export function parseUpcaseTable(stored: Buffer, checksum: number): UpcaseTable {
  if (stored.length % 2 !== 0 || checksum32(stored) !== checksum) throw corrupt('its up-case table has changed');
  const units = Uint16Array.from({ length: UNITS }, (_, unit) => unit);
  let unit = 0;
  for (let at = 0; at < stored.length; at += 2) {
    const value = stored.readUInt16LE(at);
    if (value === IDENTITY_RUN && at + 2 < stored.length) {
      at += 2;
      unit += stored.readUInt16LE(at);
    } else units[unit++] = value;
  }
  if (unit > UNITS) throw corrupt('its up-case table is too long');
  return new UpcaseTable(units);
}
