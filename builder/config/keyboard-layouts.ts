import { z } from 'zod';

/** A keyboard layout of the X keyboard extension, by its name in xkeyboard-config. */
export type XkbLayout = {
  layout: string;
  variant: string | undefined;
  /** The American layout comes first, and left Alt with Shift changes between the two, as Windows does it. */
  beside: boolean;
};

/** The layout that a kernel starts with. */
const AMERICAN = 'us';
const BESIDE = `${AMERICAN},`;

/**
 * Windows' keyboard layouts (Microsoft: "Keyboard identifiers and input method editors for Windows") and what
 * xkeyboard-config calls the same keys. Those whose letters are not Latin stand beside the American one: passwords and
 * file names are mostly Latin.
 */
const LAYOUTS: Readonly<Record<string, string>> = {
  '00000402': 'us,bg',
  '00000405': 'cz(winkeys)',
  '00000406': 'dk',
  '00000407': 'de',
  '00000408': 'us,gr',
  '00000409': 'us',
  '0000040a': 'es',
  '0000040b': 'fi',
  '0000040c': 'fr',
  '0000040e': 'hu',
  '0000040f': 'is',
  '00000410': 'it',
  '00000411': 'jp',
  '00000412': 'us',
  '00000413': 'nl',
  '00000414': 'no',
  '00000415': 'pl',
  '00000416': 'br',
  '00000418': 'ro(winkeys)',
  '00000419': 'us,ru',
  '0000041a': 'hr',
  '0000041b': 'sk',
  '0000041d': 'se',
  '0000041f': 'tr',
  '00000422': 'us,ua(winkeys)',
  '00000423': 'us,by',
  '00000424': 'si',
  '00000425': 'ee',
  '00000426': 'lv',
  '0000042f': 'us,mk',
  '00000452': 'gb(extd)',
  '00000804': 'us',
  '00000807': 'ch',
  '00000809': 'gb',
  '0000080a': 'latam',
  '0000080c': 'be',
  '00000813': 'be',
  '00000816': 'pt',
  '0000081a': 'rs(latin)',
  '00000c0c': 'ca',
  '00000c1a': 'us,rs',
  '00001009': 'ca',
  '0000100c': 'ch(fr)',
  '00001809': 'ie',
  '00010402': 'us',
  '00010405': 'cz(qwerty)',
  '00010407': 'de(deadgraveacute)',
  '00010409': 'us(dvorak)',
  '0001040e': 'hu(qwerty)',
  '00010410': 'it(ibm)',
  '00010415': 'pl(qwertz)',
  '00010416': 'br',
  '00010418': 'ro(std)',
  '0001041b': 'sk(qwerty)',
  '0001041f': 'tr(f)',
  '00010426': 'lv',
  '00010427': 'lt',
  '0001080c': 'be',
  '00011009': 'ca(multix)',
  '00020409': 'us(intl)',
  '00020422': 'us,ua(winkeys)',
  '00020426': 'lv(modern)',
  '00030402': 'us,bg',
};

/** The keyboard that Windows gives a language (Microsoft: "Default input profiles"), as wpeutil takes it. */
const LANGUAGES: Readonly<Record<string, string>> = {
  'be-BY': '0423:00000423',
  'bg-BG': '0402:00030402',
  'cs-CZ': '0405:00000405',
  'da-DK': '0406:00000406',
  'de-AT': '0c07:00000407',
  'de-CH': '0807:00000807',
  'de-DE': '0407:00000407',
  'de-LI': '1407:00000807',
  'de-LU': '1007:00000407',
  'el-GR': '0408:00000408',
  'en-AU': '0c09:00000409',
  'en-CA': '1009:00000409',
  'en-GB': '0809:00000809',
  'en-IE': '1809:00001809',
  'en-NZ': '1409:00000409',
  'en-US': '0409:00000409',
  'en-ZA': '1c09:00000409',
  'es-ES': '0c0a:0000040a',
  'es-MX': '080a:0000080a',
  'et-EE': '0425:00000425',
  'fi-FI': '040b:0000040b',
  'fr-BE': '080c:0000080c',
  'fr-CA': '0c0c:00001009',
  'fr-CH': '100c:0000100c',
  'fr-FR': '040c:0000040c',
  'fr-LU': '140c:0000100c',
  'hr-HR': '041a:0000041a',
  'hu-HU': '040e:0000040e',
  'is-IS': '040f:0000040f',
  'it-CH': '0810:0000100c',
  'it-IT': '0410:00000410',
  'ja-JP': '0411:00000411',
  'ko-KR': '0412:00000412',
  'lt-LT': '0427:00010427',
  'lv-LV': '0426:00020426',
  'mk-MK': '042f:0000042f',
  'nb-NO': '0414:00000414',
  'nl-BE': '0813:00000813',
  'nl-NL': '0413:00020409',
  'nn-NO': '0814:00000414',
  'pl-PL': '0415:00000415',
  'pt-BR': '0416:00000416',
  'pt-PT': '0816:00000816',
  'ro-RO': '0418:00010418',
  'ru-RU': '0419:00000419',
  'sk-SK': '041b:0000041b',
  'sl-SI': '0424:00000424',
  'sr-Cyrl-RS': '281a:00000c1a',
  'sr-Latn-RS': '241a:0000081a',
  'sv-FI': '081d:0000041d',
  'sv-SE': '041d:0000041d',
  'tr-TR': '041f:0000041f',
  'uk-UA': '0422:00020422',
  'zh-CN': '0804:00000804',
};

const WINDOWS_NAME = /^[0-9a-f]{4}:[0-9a-f]{8}$/i;

/** The languages a keyboard can be named by, sorted. */
export const KEYBOARD_LANGUAGES: readonly string[] = Object.keys(LANGUAGES).sort();

/** `keyboardLayout` of media.yaml. */
export const KeyboardLayoutName = z
  .string()
  .refine(
    (name) => windowsKeyboard(name) !== undefined,
    'the language of a keyboard, such as de-DE, fr-CH or en-GB, or what Windows calls a layout, such as 0407:00000407',
  );

/** A layout as wpeutil takes it, `0407:00000407`; undefined for a language that is not known. */
export function windowsKeyboard(name: string): string | undefined {
  if (WINDOWS_NAME.test(name)) return name.toLowerCase();
  const language = keyboardLanguage(name);
  return language === undefined ? undefined : LANGUAGES[language];
}

/** A language as it is written here, whatever its capitals are; undefined for one that has no keyboard here. */
export function keyboardLanguage(name: string): string | undefined {
  return KEYBOARD_LANGUAGES.find((language) => language.toLowerCase() === name.toLowerCase());
}

/**
 * The same keys for Linux; undefined for a layout that is not known there. Of what Windows names, the language says
 * nothing of the keys.
 */
export function xkbKeyboard(name: string): XkbLayout | undefined {
  const text = LAYOUTS[windowsKeyboard(name)?.split(':')[1] ?? ''];
  if (text === undefined) return undefined;
  const beside = text.startsWith(BESIDE);
  const [, layout = '', variant] = /^(\w+)(?:\((\S+)\))?$/.exec(beside ? text.slice(BESIDE.length) : text) ?? [];
  return { layout, variant, beside };
}

/** What the kernel has without a keymap. */
export function isKernelDefault({ layout, variant }: XkbLayout): boolean {
  return layout === AMERICAN && variant === undefined;
}
