/** One structure of a table: its formatted area and the strings behind it. */
export type SmbiosStructure = { type: number; data: Buffer; strings: string[] };

/** RawSMBIOSData begins with a byte, the version, the revision, and the length of the table that follows. */
const RAW_HEADER_BYTES = 8;
const STRUCTURE_HEADER_BYTES = 4;
const END_OF_TABLE = 127;

/**
 * The structures of what GetSystemFirmwareTable('RSMB') gives (DMTF: "System Management BIOS"), in the table's order. A
 * table that is cut or wrong gives what comes before the damage.
 */
export function* smbiosStructures(raw: Buffer): Generator<SmbiosStructure> {
  const table = raw.subarray(RAW_HEADER_BYTES);
  for (let at = 0; at + STRUCTURE_HEADER_BYTES <= table.length; ) {
    const [type = END_OF_TABLE, length = 0] = table.subarray(at);
    if (type === END_OF_TABLE || length < STRUCTURE_HEADER_BYTES || at + length > table.length) return;
    // The strings end with an empty one; a structure without any has two zeros there.
    const end = table.indexOf('\0\0', at + length, 'latin1');
    if (end < 0) return;
    const strings = table.toString('latin1', at + length, end).split('\0');
    yield { type, data: table.subarray(at, at + length), strings };
    at = end + 2;
  }
}

/** A string by the number at an offset, trimmed; strings count from 1 and 0 is none. */
export function textAt(structure: SmbiosStructure | undefined, offset: number): string {
  return (structure?.strings[numberAt(structure, offset, 1) - 1] ?? '').trim();
}

/** A number at an offset; 0 where the structure, or one of its age, has none there. */
export function numberAt(structure: SmbiosStructure | undefined, offset: number, bytes: 1 | 2): number {
  if (structure === undefined || offset + bytes > structure.data.length) return 0;
  return structure.data.readUIntLE(offset, bytes);
}
