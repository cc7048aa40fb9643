const BIN_HEADER_SIZE = 32;
const BIN_UNIT = 4096;
const CELL_HEADER_SIZE = 4;

/**
 * The cells of a hive, laid into bins. A cell never crosses from one bin into the next; one larger than a bin's usual
 * 4096 bytes gets a bin of its own size. Offsets count from the first bin, as everywhere inside a hive.
 */
export class HiveBins {
  #bytes: Uint8Array;
  #view: DataView;
  readonly #start: number;
  readonly #time: bigint;
  #next = 0;
  #end = 0;

  /** Leaves `start` bytes free ahead of the first bin. */
  constructor(start: number, time: bigint) {
    this.#start = start;
    this.#time = time;
    this.#bytes = new Uint8Array(start + 16 * BIN_UNIT);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Goes on in a bin of its own behind a hive, which ends with its last bin and stays as it is. */
  static behind(hive: Uint8Array, start: number, time: bigint): HiveBins {
    const bins = new HiveBins(start, time);
    bins.#grow(hive.length);
    bins.#bytes.set(hive);
    bins.#next = hive.length - start;
    bins.#end = bins.#next;
    return bins;
  }

  /** Makes room for a cell with so many bytes of content, and returns its offset. */
  reserve(length: number): number {
    const size = roundUp(length + CELL_HEADER_SIZE, 8);
    if (this.#next + size > this.#end) this.#openBin(size);
    const offset = this.#next;
    this.#view.setInt32(this.#start + offset, -size, true);
    this.#next += size;
    return offset;
  }

  /** Fills a cell that was reserved with at least this length. */
  put(offset: number, content: Uint8Array): void {
    this.#bytes.set(content, this.#start + offset + CELL_HEADER_SIZE);
  }

  add(content: Uint8Array): number {
    const offset = this.reserve(content.length);
    this.put(offset, content);
    return offset;
  }

  /** Gives the room of a cell back. */
  free(offset: number): void {
    this.#view.setInt32(this.#start + offset, Math.abs(this.#view.getInt32(this.#start + offset, true)), true);
  }

  /** Marks what is left of the last bin as free and returns everything, the room at the start included. */
  close(): Uint8Array {
    this.#freeRest();
    return this.#bytes.slice(0, this.#start + this.#end);
  }

  #openBin(cellSize: number): void {
    this.#freeRest();
    const offset = this.#end;
    const size = roundUp(BIN_HEADER_SIZE + cellSize, BIN_UNIT);
    this.#grow(this.#start + offset + size);
    const at = this.#start + offset;
    this.#bytes.set(Buffer.from('hbin', 'latin1'), at);
    this.#view.setUint32(at + 4, offset, true);
    this.#view.setUint32(at + 8, size, true);
    if (offset === 0) this.#view.setBigUint64(at + 20, this.#time, true);
    this.#next = offset + BIN_HEADER_SIZE;
    this.#end = offset + size;
  }

  #freeRest(): void {
    if (this.#next < this.#end) this.#view.setInt32(this.#start + this.#next, this.#end - this.#next, true);
  }

  #grow(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function roundUp(length: number, unit: number): number {
  return Math.ceil(length / unit) * unit;
}
