import type { Write } from '../volume.ts';

const LARGEST_WRITE = 1024 ** 2;
const ZEROS = new Uint8Array(LARGEST_WRITE);

/** The same bytes in fewer writes, sorted by place: neighbours become one, up to 1 MiB. None of them may overlap. */
export function joinWrites(writes: readonly Write[]): Write[] {
  const joined: Write[] = [];
  let group: Write[] = [];
  let end = -1;
  let start = 0;
  for (const write of writes.toSorted((a, b) => a.offset - b.offset)) {
    if (group.length > 0 && (write.offset !== end || end + write.data.length - start > LARGEST_WRITE)) close();
    if (group.length === 0) start = write.offset;
    group.push(write);
    end = write.offset + write.data.length;
  }
  close();
  return joined;

  function close(): void {
    const [only] = group;
    if (only)
      joined.push(group.length === 1 ? only : { offset: start, data: Buffer.concat(group.map((one) => one.data)) });
    group = [];
  }
}

/** Zeros from here to there; all of them share their memory. */
export function zeroWrites(from: number, to: number): Write[] {
  const writes: Write[] = [];
  for (let offset = from; offset < to; offset += LARGEST_WRITE) {
    writes.push({ offset, data: ZEROS.subarray(0, Math.min(LARGEST_WRITE, to - offset)) });
  }
  return writes;
}
