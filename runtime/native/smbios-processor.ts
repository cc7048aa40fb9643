import type { Machine } from '../contract/machine.ts';
import { numberAt, type SmbiosStructure, textAt } from './smbios-structures.ts';

const CENTRAL_PROCESSOR = 3;
const POPULATED = 0x40;
/** What a count of one byte says when the number is in the word that later versions have for it. */
const SEE_WORD = 0xff;

/** A processor's structure; undefined for an empty socket and for what is no central processor. */
export function smbiosProcessor(structure: SmbiosStructure): Machine['processors'][number] | undefined {
  const kind = numberAt(structure, 0x05, 1);
  const hasStatus = structure.data.length > 0x18;
  if (kind !== CENTRAL_PROCESSOR || (hasStatus && (numberAt(structure, 0x18, 1) & POPULATED) === 0)) return undefined;
  return {
    name: textAt(structure, 0x10),
    manufacturer: textAt(structure, 0x07),
    cores: countAt(structure, 0x23, 0x2a),
    logicalProcessors: countAt(structure, 0x25, 0x2e),
    megahertz: numberAt(structure, 0x16, 2) || numberAt(structure, 0x14, 2),
  };
}

function countAt(structure: SmbiosStructure, byteOffset: number, wordOffset: number): number {
  const count = numberAt(structure, byteOffset, 1);
  return count === SEE_WORD ? numberAt(structure, wordOffset, 2) || count : count;
}
