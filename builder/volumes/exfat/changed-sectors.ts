import type { Extent, Write } from '../volume.ts';

/** Writes for the sectors in which two states of the same bytes differ; these lie at `places`, in their order. */
export function changedSectors(before: Buffer, after: Buffer, places: readonly Extent[], sectorBytes: number): Write[] {
  const writes: Write[] = [];
  let start = 0;
  for (const { offset, bytes } of places) {
    let from = -1;
    for (let at = 0; at <= bytes; at += sectorBytes) {
      const [first, end] = [start + at, start + at + sectorBytes];
      const differs = at < bytes && before.compare(after, first, end, first, end) !== 0;
      if (differs && from < 0) from = at;
      if (differs || from < 0) continue;
      writes.push({ offset: offset + from, data: after.subarray(start + from, start + at) });
      from = -1;
    }
    start += bytes;
  }
  return writes;
}
