import type { Exec } from '../../../../runtime/host/exec.ts';
import type { XkbLayout } from '../../../config/keyboard-layouts.ts';
import { ckbcomp } from '../../../tools/ckbcomp.ts';
import { keymapTables } from '../../../tools/loadkeys.ts';
import { composedLetters, composeLines } from './composed-letters.ts';
import { typedKeys } from './typed-keys.ts';

/** A keyboard layout for the console. */
export type Keymap = {
  /** As loadkeys reads it. The same layout and the same packages, the same text. */
  text: string;
  /** Every letter that can be typed: by a key, with Shift or AltGr, or after a dead key. */
  letters: ReadonlySet<string>;
};

/** What the kernel's own keymap, the American one, can type. */
export const AMERICAN_LETTERS: ReadonlySet<string> = new Set(
  Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)),
);

/** Makes a keymap with the programs of the unpacked Debian packages. */
export async function compileKeymap(layout: XkbLayout, root: string, exec: Exec): Promise<Keymap> {
  const keys = await ckbcomp(layout, root, exec);
  const typed = typedKeys(await keymapTables(keys, root, exec));
  const composed = composedLetters(typed);
  // An accent before a space is what the kernel calls it, unless the keymap says otherwise.
  const accents = [...typed.accents].filter((accent) => /[`^~]/.test(accent));
  return {
    text: `${keys}${composeLines(composed)}`,
    letters: new Set([...typed.letters, ...composed.map(({ result }) => result), ...accents]),
  };
}
