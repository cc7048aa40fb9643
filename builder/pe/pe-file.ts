import { readFile } from 'node:fs/promises';
import { notPe } from './bounded-bytes.ts';
import {
  CERTIFICATE_DIRECTORY,
  DELAY_IMPORT_DIRECTORY,
  IMPORT_DIRECTORY,
  type PeHeaders,
  type PeMachine,
  readHeaders,
} from './pe-headers.ts';

export type PeFile = {
  machine: PeMachine;
  /** An EFI application, driver or ROM, and no program for Windows. */
  efi: boolean;
  /** Names of the DLLs that must be there for the program to start, as written in the file. */
  imports: string[];
  /** Names of the DLLs that are loaded at the first call of one of their functions. */
  delayImports: string[];
  /** It has a certificate table; whether that is worth anything is for `readSignatures`. */
  signed: boolean;
};

const EFI_SUBSYSTEMS = [10, 11, 12, 13];
const MOST_IMPORTS = 1024;

/**
 * Reads what a program asks of the system it is started on. `where` names the file in errors; a path names itself.
 *
 * Throws `SOURCE_INVALID` for a file that is no PE file or is cut short.
 */
export function readPe(file: Uint8Array, where: string): PeFile {
  const headers = readHeaders(file, where);
  return {
    machine: headers.machine,
    efi: EFI_SUBSYSTEMS.includes(headers.subsystem),
    imports: importsOf(headers, where),
    delayImports: delayImportsOf(headers, where),
    signed: headers.directory(CERTIFICATE_DIRECTORY) !== undefined,
  };
}

export async function readPeFile(path: string): Promise<PeFile> {
  return readPe(await readFile(path), path);
}

function importsOf(headers: PeHeaders, where: string): string[] {
  return descriptors(headers, IMPORT_DIRECTORY, 20, where).map((at) =>
    nameAt(headers, headers.bytes.u32(at + 12), where),
  );
}

/** The first field says whether the others are addresses in the image (1) or in memory (0, as old linkers made it). */
function delayImportsOf(headers: PeHeaders, where: string): string[] {
  return descriptors(headers, DELAY_IMPORT_DIRECTORY, 32, where).map((at) => {
    const address = headers.bytes.u32(at + 4);
    const relative = (headers.bytes.u32(at) & 1) === 1;
    return nameAt(headers, relative ? address : Number(BigInt(address) - headers.imageBase), where);
  });
}

/** Where each descriptor of an import table lies. The table ends with one that names no DLL. */
function descriptors(headers: PeHeaders, directory: number, size: number, where: string): number[] {
  const table = headers.directory(directory);
  if (table === undefined) return [];
  const start = headers.offsetOf(table.rva);
  if (start === undefined) throw notPe(where, 'its import table is in no section');
  const nameField = directory === IMPORT_DIRECTORY ? 12 : 4;
  const found: number[] = [];
  for (let at = start; headers.bytes.u32(at + nameField) !== 0; at += size) {
    if (found.push(at) > MOST_IMPORTS) throw notPe(where, 'its import table has no end');
  }
  return found;
}

function nameAt(headers: PeHeaders, rva: number, where: string): string {
  const offset = headers.offsetOf(rva);
  if (offset === undefined) throw notPe(where, 'the name of an import is in no section');
  return headers.bytes.name(offset);
}
