import { describe, expect, it } from 'vitest';
import {
  isKernelDefault,
  KEYBOARD_LANGUAGES,
  KeyboardLayoutName,
  windowsKeyboard,
  xkbKeyboard,
} from '../../../../builder/config/keyboard-layouts.ts';
import { keyboardProblems } from '../../../../builder/config/keyboard-problems.ts';
import { HEAD, loadText, SEQUENCE } from '../../../helpers/project.ts';

describe('a keyboard layout', () => {
  it.each([
    ['de-DE', '0407:00000407', 'de', undefined, false],
    ['de-de', '0407:00000407', 'de', undefined, false],
    ['0407:00000407', '0407:00000407', 'de', undefined, false],
    ['0C07:00000407', '0c07:00000407', 'de', undefined, false],
    ['de-CH', '0807:00000807', 'ch', undefined, false],
    ['fr-CH', '100c:0000100c', 'ch', 'fr', false],
    ['pl-PL', '0415:00000415', 'pl', undefined, false],
    ['0409:00020409', '0409:00020409', 'us', 'intl', false],
    ['ru-RU', '0419:00000419', 'ru', undefined, true],
    ['uk-UA', '0422:00020422', 'ua', 'winkeys', true],
  ])('%s is %s for Windows, and %s %s on Linux', (name, windows, layout, variant, beside) => {
    expect(KeyboardLayoutName.parse(name)).toBe(name);
    expect(windowsKeyboard(name)).toBe(windows);
    expect(xkbKeyboard(name)).toEqual({ layout, variant, beside });
  });

  it('is one problem where its name is not known', async () => {
    const { problems } = await loadText(
      `${HEAD}keyboardLayout: Deutsch\nsequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n`,
    );
    expect(problems).toMatchObject([{ message: expect.stringContaining('the language of a keyboard') }]);
  });

  it('has one on Linux for every language, and only the American one is there already', () => {
    const layouts = KEYBOARD_LANGUAGES.map((language) => xkbKeyboard(language));
    expect(layouts).not.toContain(undefined);
    const american = KEYBOARD_LANGUAGES.filter((_, index) => isKernelDefault(layouts[index] as never));
    expect(american).toContain('en-US');
    expect(american).not.toContain('nl-NL');
  });

  it.each(['german', 'xx-XX', '407', ''])('cannot be called %j', (name) => {
    expect(KeyboardLayoutName.safeParse(name).success).toBe(false);
  });
});

describe('the keyboard of a medium', () => {
  it('must be one that its boot environment has', () => {
    const keyboardLayout = '0445:00000445';
    expect(keyboardProblems({ bootEnvironment: 'winpe', keyboardLayout })).toEqual([]);
    expect(keyboardProblems({ bootEnvironment: 'linux', keyboardLayout })).toMatchObject([
      { path: ['keyboardLayout'], message: expect.stringContaining('has no keyboard layout 0445:00000445') },
    ]);
  });

  it.each([
    'keyboardLayout: de-ch\nwinpe: { source: pe }',
    'winpe: { source: pe, keyboardLayout: "0807:00000807" }',
    'winpe: { source: pe, keyboardLayout: de-CH }',
  ])('is told to Windows PE as wpeutil takes it: %j', async (written) => {
    const text = `${HEAD}bootEnvironment: winpe\n${written}\nsequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n`;
    const { project } = await loadText(text, { 'a.yaml': SEQUENCE, pe: '' });
    expect(project?.winpe?.keyboardLayout).toBe('0807:00000807');
  });

  it('stands at one place', () => {
    const winpe = { keyboardLayout: 'de-DE' };
    expect(keyboardProblems({ bootEnvironment: 'winpe', winpe })).toEqual([]);
    expect(keyboardProblems({ bootEnvironment: 'winpe', winpe, keyboardLayout: 'de-DE' })).toHaveLength(1);
  });
});
