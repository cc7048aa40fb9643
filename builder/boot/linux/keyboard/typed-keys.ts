/** What the keys of a keymap give: letters, and accents that wait for a letter, by the character the kernel knows them by. */
export type TypedKeys = { letters: ReadonlySet<string>; accents: ReadonlySet<string> };

/** Alone, with Shift, with AltGr and with both; where two layouts stand beside each other AltGr is the second one. */
const TABLES = ['plain_map', 'shift_map', 'altgr_map', 'shift_altgr_map'];
/** From here on a value is not a code point: four bits that say so, a kind and a value (the kernel's uapi/linux/keyboard.h). */
const NO_LETTER = 0xf000;
const KINDS = { latin: 0x0, dead: 0x4, letter: 0xb, deadByCharacter: 0xd };
/** What the kernel takes the accents for, in its own order (drivers/tty/vt/keyboard.c). */
const ACCENTS = '`\'^~",_U.*=cki#o!?+-)(:n;$@';

/** Pure: what can be typed by one key and its modifiers, of the tables that loadkeys has made. */
export function typedKeys(tables: ReadonlyMap<string, readonly number[]>): TypedKeys {
  const letters = new Set<string>();
  const accents = new Set<string>();
  for (const value of TABLES.flatMap((name) => tables.get(name) ?? [])) {
    const low = value & 0xff;
    const kind = (value & 0xf00) >> 8;
    if (value < NO_LETTER) letters.add(String.fromCodePoint(value));
    else if (kind === KINDS.latin || kind === KINDS.letter) letters.add(String.fromCodePoint(low));
    else if (kind === KINDS.dead) accents.add(ACCENTS[low] ?? '');
    else if (kind === KINDS.deadByCharacter) accents.add(String.fromCodePoint(low));
  }
  return { letters: new Set([...letters].filter((letter) => /^\P{C}$/u.test(letter))), accents };
}
