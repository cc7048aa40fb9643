import { guidText } from '../hive/guid.ts';

/** What the firmware says of the machine, each text as the maker left it, trimmed. Empty where it says nothing. */
export type Smbios = {
  biosVersion: string;
  make: string;
  model: string;
  serial: string;
  uuid: string;
  boardModel: string;
  assetTag: string;
  /** The chassis' number in the specification: 3 desktop, 9 laptop; 0 unknown. */
  chassisType: number;
  /** MHz; 0 unknown. */
  processorMegahertz: number;
};

type Structure = { type: number; data: Buffer; strings: string[] };

/** RawSMBIOSData begins with a byte, the version, the revision, and the length of the table that follows. */
const RAW_HEADER_BYTES = 8;
const STRUCTURE_HEADER_BYTES = 4;
const END_OF_TABLE = 127;
const TYPES = { bios: 0, system: 1, board: 2, chassis: 3, processor: 4 } as const;
/** The chassis' type shares its byte with a bit that says whether there is a lock. */
const CHASSIS_TYPE_MASK = 0x7f;

/**
 * Reads what GetSystemFirmwareTable('RSMB') gives (DMTF: "System Management BIOS"). The first structure of each type
 * counts. A table that is cut or wrong gives what could be read before the damage, never an error.
 */
export function parseSmbios(raw: Buffer): Smbios {
  const first = new Map<number, Structure>();
  for (const structure of structuresOf(raw)) if (!first.has(structure.type)) first.set(structure.type, structure);
  const text = (type: number, offset: number): string => textOf(first.get(type), offset);
  const { system, chassis, processor } = TYPES;
  return {
    biosVersion: text(TYPES.bios, 0x05),
    make: text(system, 0x04),
    model: text(system, 0x05),
    serial: text(system, 0x07),
    uuid: uuidOf(first.get(system)),
    boardModel: text(TYPES.board, 0x05),
    assetTag: text(chassis, 0x08),
    chassisType: numberOf(first.get(chassis), 0x05, 1) & CHASSIS_TYPE_MASK,
    processorMegahertz: numberOf(first.get(processor), 0x16, 2) || numberOf(first.get(processor), 0x14, 2),
  };
}

function* structuresOf(raw: Buffer): Generator<Structure> {
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

/** A string by the number at an offset; strings count from 1 and 0 is none. */
function textOf(structure: Structure | undefined, offset: number): string {
  return (structure?.strings[numberOf(structure, offset, 1) - 1] ?? '').trim();
}

function numberOf(structure: Structure | undefined, offset: number, bytes: 1 | 2): number {
  if (structure === undefined || offset + bytes > structure.data.length) return 0;
  return structure.data.readUIntLE(offset, bytes);
}

/** All zeros and all ones both mean that the machine has none. */
function uuidOf(structure: Structure | undefined): string {
  const bytes = structure?.data.subarray(0x08, 0x18) ?? Buffer.alloc(0);
  const unset = [0x00, 0xff].some((value) => bytes.every((byte) => byte === value));
  return bytes.length < 16 || unset ? '' : guidText(bytes);
}
