const TAG_JUNCTION = 0xa0000003;
const TAG_SYMLINK = 0xa000000c;
const HEADER_SIZE = 8;

/** The reparse point of a junction or a symbolic link to an absolute target such as `C:\Users`, as NTFS stores it. */
export function reparseData(kind: 'junction' | 'directory-symlink', target: string): Uint8Array {
  const substitute = Buffer.from(`\\??\\${target}`, 'utf16le');
  const shown = Buffer.from(target, 'utf16le');
  const terminator = new Uint8Array(kind === 'junction' ? 2 : 0);
  // A symbolic link has a word of flags after the lengths; zero is an absolute target.
  const lengths = new Uint8Array(kind === 'junction' ? 8 : 12);
  const view = new DataView(lengths.buffer);
  view.setUint16(2, substitute.length, true);
  view.setUint16(4, substitute.length + terminator.length, true);
  view.setUint16(6, shown.length, true);
  const data = Buffer.concat([lengths, substitute, terminator, shown, terminator]);
  const header = new DataView(new ArrayBuffer(HEADER_SIZE));
  header.setUint32(0, kind === 'junction' ? TAG_JUNCTION : TAG_SYMLINK, true);
  header.setUint16(4, data.length, true);
  return Buffer.concat([new Uint8Array(header.buffer), data]);
}
