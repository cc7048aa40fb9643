/** One entry of an initramfs. Everything in it belongs to root; folders above an entry need not be given. */
export type CpioEntry =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'file'; path: string; executable?: boolean; data: Uint8Array };

/** Every time in the archive: one fixed moment, so that the same content gives the same bytes. */
const ENTRY_TIME = Date.UTC(2026, 0, 1) / 1000;
const TYPES = { folder: 0o040755, link: 0o120777, file: 0o100644 };
const EXECUTABLE_FILE = 0o100755;

/**
 * A cpio archive in the kernel's `newc` format (Linux: Documentation/driver-api/early-userspace/buffer-format.rst).
 * Entries are sorted by path; `last` comes after all of them.
 */
export function cpioArchive(entries: readonly CpioEntry[], last?: CpioEntry): Buffer {
  const all = withFolders(last === undefined ? entries : [...entries, last]).filter((entry) => entry !== last);
  all.sort((a, b) => (a.path < b.path ? -1 : 1));
  if (last !== undefined) all.push(last);
  const parts = all.flatMap((entry, index) => record(entry.path, modeOf(entry), contentOf(entry), index + 1));
  return Buffer.concat([...parts, ...record('TRAILER!!!', 0, Buffer.alloc(0), 0)]);
}

function withFolders(entries: readonly CpioEntry[]): CpioEntry[] {
  const byPath = new Map<string, CpioEntry>();
  for (const entry of entries) {
    const parts = entry.path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const path = parts.slice(0, depth).join('/');
      if (!byPath.has(path)) byPath.set(path, { kind: 'folder', path });
    }
    byPath.set(entry.path, entry);
  }
  return [...byPath.values()];
}

function modeOf(entry: CpioEntry): number {
  return entry.kind === 'file' && entry.executable === true ? EXECUTABLE_FILE : TYPES[entry.kind];
}

function contentOf(entry: CpioEntry): Uint8Array {
  if (entry.kind === 'file') return entry.data;
  return Buffer.from(entry.kind === 'link' ? entry.target : '');
}

function record(path: string, mode: number, data: Uint8Array, inode: number): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  const time = mode === 0 ? 0 : ENTRY_TIME;
  // inode, mode, owner, group, links, time, size, device (2), special device (2), length of the name, checksum
  const fields = [inode, mode, 0, 0, 1, time, data.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [header, name, padding(header.length + name.length), data, padding(data.length)];
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
