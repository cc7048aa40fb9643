import type { Machine } from '../contract/machine.ts';
import { guidText } from '../hive/guid.ts';
import { smbiosProcessor } from './smbios-processor.ts';
import { numberAt, type SmbiosStructure, smbiosStructures, textAt } from './smbios-structures.ts';

type FirmwareTexts = Pick<
  Machine,
  'make' | 'model' | 'serial' | 'uuid' | 'assetTag' | 'sku' | 'family' | 'systemVersion' | 'bios' | 'baseBoard'
>;

/** What the firmware says of the machine, each text as the maker left it, trimmed. Empty where it says nothing. */
export type Smbios = FirmwareTexts &
  Pick<Machine, 'chassisTypes' | 'processors'> & {
    /** The names of portable batteries, one each. */
    batteryNames: string[];
  };

const TYPES = { bios: 0, system: 1, board: 2, chassis: 3, processor: 4, battery: 22 } as const;
/** The chassis' type shares its byte with a bit that says whether there is a lock. */
const CHASSIS_TYPE_MASK = 0x7f;

/**
 * Reads what GetSystemFirmwareTable('RSMB') gives (DMTF: "System Management BIOS"). Of the machine's own texts the first
 * structure of each type counts. A table that is cut or wrong gives what could be read before the damage, never an error.
 */
export function parseSmbios(raw: Buffer): Smbios {
  const all = Map.groupBy(smbiosStructures(raw), ({ type }) => type);
  const allOf = (type: number): SmbiosStructure[] => all.get(type) ?? [];
  const [bios] = allOf(TYPES.bios);
  const [system] = allOf(TYPES.system);
  const [board] = allOf(TYPES.board);
  return {
    make: textAt(system, 0x04),
    model: textAt(system, 0x05),
    systemVersion: textAt(system, 0x06),
    serial: textAt(system, 0x07),
    uuid: uuidOf(system),
    sku: textAt(system, 0x19),
    family: textAt(system, 0x1a),
    assetTag: textAt(allOf(TYPES.chassis)[0], 0x08),
    bios: { vendor: textAt(bios, 0x04), version: textAt(bios, 0x05), date: firmwareDate(textAt(bios, 0x08)) },
    baseBoard: {
      manufacturer: textAt(board, 0x04),
      product: textAt(board, 0x05),
      version: textAt(board, 0x06),
      serial: textAt(board, 0x07),
    },
    chassisTypes: allOf(TYPES.chassis)
      .map((chassis) => numberAt(chassis, 0x05, 1) & CHASSIS_TYPE_MASK)
      .filter((type) => type !== 0),
    processors: allOf(TYPES.processor).flatMap((structure) => smbiosProcessor(structure) ?? []),
    batteryNames: allOf(TYPES.battery).map((battery) => textAt(battery, 0x08)),
  };
}

/** All zeros and all ones both mean that the machine has none. */
function uuidOf(structure: SmbiosStructure | undefined): string {
  const bytes = structure?.data.subarray(0x08, 0x18) ?? Buffer.alloc(0);
  const unset = [0x00, 0xff].some((value) => bytes.every((byte) => byte === value));
  return bytes.length < 16 || unset ? '' : guidText(bytes);
}

/** A BIOS date, `mm/dd/yyyy` or of the last century `mm/dd/yy`, as `YYYY-MM-DD`; empty for anything else. Pure. */
export function firmwareDate(text: string): string {
  const [, month = '', day = '', year = ''] = /^(\d\d)\/(\d\d)\/(\d{4}|\d\d)$/.exec(text.trim()) ?? [];
  const date = `${year.length === 2 ? `19${year}` : year}-${month}-${day}`;
  return Number.isNaN(Date.parse(date)) ? '' : date;
}
