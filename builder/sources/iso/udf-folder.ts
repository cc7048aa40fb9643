import { recordedExtent, TAG, tagOf, UnknownUdf } from './udf-descriptor.ts';

/** The file entry of something in a folder. */
export type FolderItem = { block: number; isFolder: boolean };

const HEAD_BYTES = 38;
const IS_FOLDER = 2;
const DELETED = 4;
const PARENT = 8;

/** What is in a folder, by name as it is stored: file identifier descriptors, ECMA-167, 4/14.4. */
export function parseFolder(content: Buffer): Map<string, FolderItem> {
  const items = new Map<string, FolderItem>();
  for (let rest = content; rest.length > 0; ) {
    if (rest.length < HEAD_BYTES) throw new UnknownUdf('half a file identifier');
    const nameAt = HEAD_BYTES + rest.readUInt16LE(36);
    const nameEnd = nameAt + rest.readUInt8(19);
    const identifier = rest.subarray(0, Math.ceil(nameEnd / 4) * 4);
    if (identifier.length < nameEnd) throw new UnknownUdf('a name that leads out of its folder');
    if (tagOf(identifier) !== TAG.fileIdentifier) throw new UnknownUdf('no file identifier');
    rest = rest.subarray(identifier.length);
    const flags = identifier.readUInt8(18);
    if ((flags & (DELETED | PARENT)) !== 0) continue;
    const name = parseName(identifier.subarray(nameAt, nameEnd));
    if (items.has(name)) throw new UnknownUdf('a name that is there twice');
    items.set(name, { block: recordedExtent(identifier, 20).block, isFolder: (flags & IS_FOLDER) !== 0 });
  }
  return items;
}

/** OSTA compressed Unicode: the first byte says how many bits a character has. */
function parseName(name: Buffer): string {
  const characters = name.subarray(1);
  if (name[0] === 8) return characters.toString('latin1');
  if (name[0] !== 16 || characters.length % 2 !== 0) throw new UnknownUdf('a name in another form');
  return Buffer.from(characters).swap16().toString('utf16le');
}
