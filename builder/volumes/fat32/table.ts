import { FIRST_CLUSTER, type Run } from '../shared/clusters.ts';
import { joinWrites } from '../shared/writes.ts';
import type { Write } from '../volume.ts';
import { ENTRY_BYTES, fatOffset, type Geometry } from './geometry.ts';

export const FREE = 0;
export const BAD = 0x0ffffff7;
export const LEAST_END = 0x0ffffff8;

const END = 0x0fffffff;
const VALUE = 0x0fffffff;
/** The first two entries: the media type, and that the volume is clean. */
const FIRST_ENTRIES = [0x0ffffff8, 0x0fffffff];

/** A FAT in memory, from its start, and which of its sectors are no longer those of the volume. */
export class FatTable {
  readonly #bytes: Buffer;
  readonly #sectorBytes: number;
  readonly #changed = new Set<number>();

  /** Takes the bytes as its own: whole sectors. */
  constructor(bytes: Buffer, sectorBytes: number) {
    this.#bytes = bytes;
    this.#sectorBytes = sectorBytes;
  }

  /** The start of a new one, as many sectors as hold these clusters. */
  static empty(clusters: number, sectorBytes: number): FatTable {
    const sectors = Math.ceil(((clusters + FIRST_CLUSTER) * ENTRY_BYTES) / sectorBytes);
    const table = new FatTable(Buffer.alloc(sectors * sectorBytes), sectorBytes);
    table.change(Array.from({ length: sectors }, (_, sector) => sector));
    for (const [cluster, value] of FIRST_ENTRIES.entries()) table.set(cluster, value);
    return table;
  }

  get bytes(): number {
    return this.#bytes.length;
  }

  copy(): FatTable {
    return new FatTable(Buffer.from(this.#bytes), this.#sectorBytes);
  }

  get(cluster: number): number {
    return this.#bytes.readUInt32LE(cluster * ENTRY_BYTES) & VALUE;
  }

  /** The upper four bits are reserved and stay. */
  set(cluster: number, value: number): void {
    const at = cluster * ENTRY_BYTES;
    const kept = this.#bytes.readUInt32LE(at) & ~VALUE;
    this.#bytes.writeUInt32LE((kept | value) >>> 0, at);
    this.#changed.add(Math.floor(at / this.#sectorBytes));
  }

  setChain(runs: readonly Run[]): void {
    for (const [index, { first, count }] of runs.entries()) {
      for (let cluster = first; cluster < first + count - 1; cluster++) this.set(cluster, cluster + 1);
      this.set(first + count - 1, runs[index + 1]?.first ?? END);
    }
  }

  /** Sectors to be written whatever is set. */
  change(sectors: Iterable<number>): void {
    for (const sector of sectors) this.#changed.add(sector);
  }

  /** The sectors changed since the last call, for each of these FATs. */
  takeWrites(geometry: Geometry, fats: readonly number[]): Write[] {
    const size = this.#sectorBytes;
    const sectors = joinWrites(
      [...this.#changed].map((sector) => ({
        offset: sector * size,
        data: this.#bytes.subarray(sector * size, (sector + 1) * size),
      })),
    ).map(({ offset, data }) => ({ offset, data: Buffer.from(data) }));
    this.#changed.clear();
    return fats.flatMap((fat) =>
      sectors.map(({ offset, data }) => ({ offset: fatOffset(geometry, fat) + offset, data })),
    );
  }
}
