import { windowsKeyboard, xkbKeyboard } from './keyboard-layouts.ts';

/** Of a project what its keyboard depends on. */
type Media = {
  bootEnvironment: 'linux' | 'winpe';
  keyboardLayout?: string | undefined;
  winpe?: { keyboardLayout?: string | undefined } | undefined;
};

/** What is wrong with a keyboard layout whose name is right. */
export function keyboardProblems({ bootEnvironment, keyboardLayout, winpe }: Media) {
  if (keyboardLayout === undefined) return [];
  if (winpe?.keyboardLayout !== undefined) {
    return [{ path: ['winpe', 'keyboardLayout'], message: 'keyboardLayout stands above already; write it once' }];
  }
  const isKnown = windowsKeyboard(keyboardLayout) !== undefined;
  if (!isKnown || bootEnvironment === 'winpe' || xkbKeyboard(keyboardLayout) !== undefined) return [];
  const message = `the Linux boot environment has no keyboard layout ${keyboardLayout}; name a language, such as de-DE`;
  return [{ path: ['keyboardLayout'], message }];
}
