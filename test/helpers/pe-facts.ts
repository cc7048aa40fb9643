/** What a test asks a PE file (Microsoft's PE format, PE32+). */
export type PeFacts = {
  /** 0x8664 is x64, 0xaa64 arm64. */
  machine: number;
  /** Size of the table that holds the Authenticode signature; 0 without one. */
  certificateBytes: number;
  /** `type/name` of each resource; ids as numbers. */
  resources: string[];
  /** The strings of the version resource. */
  version: Record<string, string>;
};

const DIRECTORY = { resource: 2, certificate: 4 };
const TYPE_VERSION = '16';
const STRING_ALIGNMENT = 4;

export function peFacts(file: Buffer): PeFacts {
  const header = file.readUInt32LE(0x3c);
  if (file.toString('latin1', header, header + 4) !== 'PE\0\0') throw new Error('not a PE file');
  const optional = header + 24;
  const directory = (index: number) => optional + 112 + 8 * index;
  const sections = Array.from({ length: file.readUInt16LE(header + 6) }, (_, index) => {
    const at = optional + file.readUInt16LE(header + 20) + 40 * index;
    return {
      address: file.readUInt32LE(at + 12),
      bytes: file.readUInt32LE(at + 16),
      offset: file.readUInt32LE(at + 20),
    };
  });
  const offsetOf = (address: number): number => {
    const section = sections.find((one) => address >= one.address && address < one.address + one.bytes);
    if (section === undefined) throw new Error(`no section holds ${address.toString(16)}`);
    return address - section.address + section.offset;
  };
  const resources = resourcesOf(file, offsetOf(file.readUInt32LE(directory(DIRECTORY.resource))));
  const version = resources.find(({ type }) => type === TYPE_VERSION);
  return {
    machine: file.readUInt16LE(header + 4),
    certificateBytes: file.readUInt32LE(directory(DIRECTORY.certificate) + 4),
    resources: resources.map(({ type, name }) => `${type}/${name}`),
    version:
      version === undefined ? {} : stringsOf(file.subarray(offsetOf(version.address)).subarray(0, version.bytes)),
  };
}

type Resource = { type: string; name: string; address: number; bytes: number };

/** Three levels: type, name, language. */
function resourcesOf(file: Buffer, start: number): Resource[] {
  const entries = (at: number) =>
    Array.from({ length: file.readUInt16LE(at + 12) + file.readUInt16LE(at + 14) }, (_, index) => {
      const id = file.readUInt32LE(at + 16 + 8 * index);
      const target = file.readUInt32LE(at + 20 + 8 * index);
      return { name: id >>> 31 ? nameAt(start + (id & 0x7fffffff)) : String(id), at: start + (target & 0x7fffffff) };
    });
  const nameAt = (at: number) => file.toString('utf16le', at + 2, at + 2 + 2 * file.readUInt16LE(at));
  return entries(start).flatMap((type) =>
    entries(type.at).flatMap((name) =>
      entries(name.at).map((language) => ({
        type: type.name,
        name: name.name,
        address: file.readUInt32LE(language.at),
        bytes: file.readUInt32LE(language.at + 4),
      })),
    ),
  );
}

/** Every String of every StringTable: a block is length, length of the value, kind, key, value, each on 4 bytes. */
function stringsOf(block: Buffer): Record<string, string> {
  const found: Record<string, string> = {};
  const aligned = (at: number) => Math.ceil(at / STRING_ALIGNMENT) * STRING_ALIGNMENT;
  const textAt = (at: number) => {
    let end = at;
    while (end + 2 <= block.length && block.readUInt16LE(end) !== 0) end += 2;
    return { text: block.toString('utf16le', at, end), end: end + 2 };
  };
  const walk = (from: number, end: number, depth: number): void => {
    for (let at = aligned(from); at + 6 <= end; ) {
      const bytes = block.readUInt16LE(at);
      if (bytes === 0) return;
      const key = textAt(at + 6);
      const value = aligned(key.end);
      const isBinary = block.readUInt16LE(at + 4) === 0;
      if (depth === 3) found[key.text] = textAt(value).text;
      else walk(isBinary ? value + block.readUInt16LE(at + 2) : value, at + bytes, depth + 1);
      at = aligned(at + bytes);
    }
  };
  walk(0, block.length, 0);
  return found;
}
