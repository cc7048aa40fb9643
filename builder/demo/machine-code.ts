/**
 * One instruction: its bytes in hexadecimal, then what it says. `{rel8:x}` and `{rel32:x}` stand for the distance to x,
 * `{abs16:x}` for its address; x is a place the caller names or a line that begins with `x:`.
 */
export type Instruction = readonly [bytes: string, mnemonic: string];

const PLACE = /^\{(rel8|rel32|abs16):(\w+)\}$/;
const LENGTHS: Record<string, number> = { rel8: 1, rel32: 4, abs16: 2 };

/** The bytes of a listing. `places` are addresses counted from its first instruction. */
export function machineCode(listing: readonly Instruction[], places: Record<string, number>): Uint8Array {
  const all = { ...labels(listing), ...places };
  const code: number[] = [];
  for (const [bytes, mnemonic] of listing) {
    const end = code.length + length(bytes);
    for (const part of bytes.split(' ')) code.push(...partBytes(part, end, all, mnemonic));
  }
  return Uint8Array.from(code);
}

/** How long a listing is in bytes; the places need not be known for it. */
export function codeLength(listing: readonly Instruction[]): number {
  return listing.reduce((sum, [bytes]) => sum + length(bytes), 0);
}

function labels(listing: readonly Instruction[]): Record<string, number> {
  const found: Record<string, number> = {};
  let at = 0;
  for (const [bytes, mnemonic] of listing) {
    const label = /^(\w+): /.exec(mnemonic)?.[1];
    if (label !== undefined) found[label] = at;
    at += length(bytes);
  }
  return found;
}

function length(bytes: string): number {
  return bytes.split(' ').reduce((sum, part) => sum + (LENGTHS[PLACE.exec(part)?.[1] ?? ''] ?? 1), 0);
}

function partBytes(part: string, end: number, places: Record<string, number>, mnemonic: string): number[] {
  const [, kind, name] = PLACE.exec(part) ?? [];
  if (kind === undefined || name === undefined) return [Number.parseInt(part, 16)];
  const place = places[name];
  if (place === undefined) throw new Error(`no place for ${name} in: ${mnemonic}`);
  const value = kind === 'abs16' ? place : place - end;
  if (kind === 'rel8' && (value < -128 || value > 127)) throw new Error(`${name} is too far away in: ${mnemonic}`);
  return Array.from({ length: LENGTHS[kind] ?? 1 }, (_, index) => (value >> (index * 8)) & 0xff);
}
