import { filetime } from '../../runtime/hive/filetime.ts';
import type { ImageEntry } from './image-entry.ts';
import { entrySecurity } from './image-security.ts';
import { IMAGE_TIME } from './image-time.ts';
import { reparseData } from './reparse-data.ts';

const ATTRIBUTE = { readOnly: 0x01, hidden: 0x02, system: 0x04, archive: 0x20 } as const;

/** A table for `setfattr --restore`: what ntfs-3g takes as extended attributes (ntfs-3g's manual, "Extended attributes"). */
export function attributeTable(entries: readonly ImageEntry[]): string {
  // What a folder holds comes before the folder: a short name given inside it changes its time.
  return entries
    .toSorted((a, b) => (a.path < b.path ? 1 : -1))
    .filter(({ kind }) => kind !== 'hard-link')
    .map((entry) => `# file: ${escaped(entry.path)}\n${attributes(entry).map(line).join('')}\n`)
    .join('');
}

type Attribute = readonly [name: string, value: Uint8Array];

/** The reparse point comes last: once it is set the entry is a link to whoever looks at it. Times come after what changes them. */
function attributes(entry: ImageEntry): Attribute[] {
  const streams = entry.kind === 'file' ? Object.entries(entry.streams ?? {}) : [];
  return [
    ...streams.map(([name, text]): Attribute => [`user.${name}`, Buffer.from(text)]),
    ['system.ntfs_acl', entrySecurity(entry.security)],
    ...(entry.shortName === undefined
      ? []
      : [['system.ntfs_dos_name', Buffer.from(entry.shortName, 'latin1')] satisfies Attribute]),
    ['system.ntfs_attrib_be', bigEndian(attributeBits(entry))],
    ['system.ntfs_times_be', times(entry)],
    ...(entry.kind === 'junction' || entry.kind === 'directory-symlink'
      ? [['system.ntfs_reparse_data', reparseData(entry.kind, entry.target)] satisfies Attribute]
      : []),
  ];
}

function attributeBits(entry: ImageEntry): number {
  return (
    (entry.kind === 'file' ? ATTRIBUTE.archive : 0) |
    (entry.hidden === true ? ATTRIBUTE.hidden : 0) |
    (entry.system === true ? ATTRIBUTE.system : 0) |
    (entry.readOnly === true ? ATTRIBUTE.readOnly : 0)
  );
}

const MINUTE = 60_000;

/** Created, written, read: the path decides, so that files differ and the same image comes out every time. */
function times(entry: ImageEntry): Uint8Array {
  const minutes = [...entry.path].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 500_000, 0);
  const view = new DataView(new ArrayBuffer(24));
  for (const [index, back] of [minutes, minutes / 2, 0].entries()) {
    view.setBigUint64(index * 8, filetime(new Date(IMAGE_TIME.getTime() - Math.floor(back) * MINUTE)));
  }
  return new Uint8Array(view.buffer);
}

function bigEndian(bits: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return new Uint8Array(view.buffer);
}

function line([name, value]: Attribute): string {
  return `${name}=0s${Buffer.from(value).toString('base64')}\n`;
}

/** setfattr reads a backslash as the start of an octal number, and a line break as the end of the name. */
function escaped(path: string): string {
  return path.replace(/[\\\n\r]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
