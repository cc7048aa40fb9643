import type { HiveValue } from '../hive/hive-tree.ts';

/** Windows' number of a keyboard, as DISM /Set-LayeredDriver and ConfigMgr's OSDLayeredDriver take it: 1 to 6. */
export type LayeredDriver = number;

type Keyboard = { layer: 'JPN' | 'KOR'; file: string; identifier: string; type: number; subtype: number };

/** Numbers: Microsoft, "LayeredDriver" of International-Core-WinPE. What each is in the registry: Microsoft's KB 927824. */
const KEYBOARDS: readonly Keyboard[] = [
  { layer: 'JPN', file: 'kbd101.dll', identifier: 'PCAT_101KEY', type: 7, subtype: 0 },
  { layer: 'KOR', file: 'kbd101a.dll', identifier: 'PCAT_101AKEY', type: 8, subtype: 3 },
  { layer: 'KOR', file: 'kbd101b.dll', identifier: 'PCAT_101BKEY', type: 8, subtype: 4 },
  { layer: 'KOR', file: 'kbd101c.dll', identifier: 'PCAT_101CKEY', type: 8, subtype: 5 },
  { layer: 'KOR', file: 'kbd103.dll', identifier: 'PCAT_103KEY', type: 8, subtype: 6 },
  { layer: 'JPN', file: 'kbd106.dll', identifier: 'PCAT_106KEY', type: 7, subtype: 2 },
];

/** The key that says which keyboard a Windows has, below a control set. A keyboard on USB is judged by it too. */
export const KEYBOARD_KEY = 'Services\\i8042prt\\Parameters';

/** The values of {@link KEYBOARD_KEY} that stand for a keyboard. Pure. */
export function keyboardValues(driver: LayeredDriver): HiveValue[] {
  const keyboard = KEYBOARDS[driver - 1];
  if (keyboard === undefined) throw new Error(`no layered driver has the number ${driver}`);
  return [
    { name: `LayerDriver ${keyboard.layer}`, type: 'SZ', data: keyboard.file },
    { name: 'OverrideKeyboardIdentifier', type: 'SZ', data: keyboard.identifier },
    { name: 'OverrideKeyboardSubtype', type: 'DWORD', data: keyboard.subtype },
    { name: 'OverrideKeyboardType', type: 'DWORD', data: keyboard.type },
  ];
}
