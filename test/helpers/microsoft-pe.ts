import { PE_CODE, PE_READ_ONLY, peChecksum, writePe } from '../../builder/demo/pe.ts';

export type TinyPe = {
  machine?: 'x64' | 'arm64';
  /** An EFI application unless given. */
  subsystem?: number;
  imports?: readonly string[];
  delayImports?: readonly string[];
  /** Bytes that make this file differ from another. */
  text?: string;
  /** At least this many bytes of content. */
  bytes?: number;
};

const MACHINES = { x64: 0x8664, arm64: 0xaa64 };
const PE_AT = 0x80;
const DIRECTORIES_AT = PE_AT + 24 + 112;
const CHECKSUM_AT = PE_AT + 24 + 64;
const DATA_RVA = 0x2000;

/** A valid PE file that does nothing, with import tables as a linker makes them. */
export function tinyPe(options: TinyPe = {}): Uint8Array {
  const { machine = 'x64', subsystem = 10, imports = [], delayImports = [], text = '', bytes = 0 } = options;
  const tables = importTables(imports, delayImports);
  const data = Buffer.concat([tables.data, Buffer.from(text), Buffer.alloc(Math.max(0, bytes - text.length))]);
  const file = writePe(
    {
      subsystem,
      sections: [
        { name: '.text', size: 1, characteristics: PE_CODE },
        { name: '.rdata', size: Math.max(data.length, 1), characteristics: PE_READ_ONLY },
      ],
    },
    [Uint8Array.of(0xc3), data],
  );
  const view = new DataView(file.buffer);
  view.setUint16(PE_AT + 4, MACHINES[machine], true);
  if (imports.length > 0) directory(view, 1, DATA_RVA, (imports.length + 1) * 20);
  if (delayImports.length > 0) directory(view, 13, DATA_RVA + tables.delayAt, (delayImports.length + 1) * 32);
  view.setUint32(CHECKSUM_AT, peChecksum(file), true);
  return file;
}

function directory(view: DataView, index: number, rva: number, size: number): void {
  view.setUint32(DIRECTORIES_AT + index * 8, rva, true);
  view.setUint32(DIRECTORIES_AT + index * 8 + 4, size, true);
}

function importTables(imports: readonly string[], delayImports: readonly string[]): { data: Buffer; delayAt: number } {
  const delayAt = (imports.length + 1) * 20;
  const namesAt = delayAt + (delayImports.length + 1) * 32;
  const tables = Buffer.alloc(namesAt);
  const names: Buffer[] = [];
  let at = namesAt;
  for (const [index, name] of [...imports, ...delayImports].entries()) {
    const delay = index - imports.length;
    if (delay >= 0) tables.writeUInt32LE(1, delayAt + delay * 32);
    tables.writeUInt32LE(DATA_RVA + at, delay >= 0 ? delayAt + delay * 32 + 4 : index * 20 + 12);
    names.push(Buffer.from(`${name}\0`));
    at += name.length + 1;
  }
  return { data: Buffer.concat([tables, ...names]), delayAt };
}
