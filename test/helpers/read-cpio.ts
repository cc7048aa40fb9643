export type ReadEntry = { path: string; mode: number; owner: number; group: number; data: Buffer };

const MAGIC = '070701';
const HEADER = 110;

/** Reads `newc` archives that follow one another, trailers and all. Written from the kernel's buffer-format.rst. */
export function readCpio(archive: Buffer): ReadEntry[] {
  const entries: ReadEntry[] = [];
  for (let at = 0; at < archive.length; ) {
    // Archives are filled up with zeros to whole blocks.
    if (archive[at] === 0) {
      at += 4;
      continue;
    }
    if (archive.toString('latin1', at, at + 6) !== MAGIC) throw new Error(`no header at ${at}`);
    const field = (index: number): number =>
      Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const [mode, owner, group, size, nameSize] = [field(1), field(2), field(3), field(6), field(11)];
    const start = padded(at + HEADER + nameSize);
    const path = archive.toString('utf8', at + HEADER, at + HEADER - 1 + nameSize);
    entries.push({ path, mode, owner, group, data: archive.subarray(start, start + size) });
    at = padded(start + size);
  }
  return entries;
}

function padded(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}
