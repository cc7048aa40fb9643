import {
  KEYBOARD_LANGUAGES,
  keyboardLanguage,
  windowsKeyboard,
  xkbKeyboard,
} from '../../../builder/config/keyboard-layouts.ts';
import { SecretSource, ValidityOptions } from '../../../builder/config/media-options.ts';
import { validityOf } from '../../../builder/config/validity.ts';
import type { SomeAnswers } from '../../../builder/project/answers.ts';
import { refusal, text, yesOrNo } from '../kinds-of-question.ts';
import { existingFile } from '../paths.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const page = 'Security';

export const UNATTENDED = yesOrNo({
  id: 'unattended',
  page: 'Task sequences',
  flag: '--unattended',
  words: 'Unattended: nobody is asked anything, the first sequence starts',
  standard: false,
});

export const VALID_UNTIL = text({
  id: 'validUntil',
  page,
  flag: '--valid-until <date|days>',
  words: 'Last day of use: 2027-12-31, or days from today',
  standard: () => null,
  check: (given, { today }) => {
    const until = /^\d{1,4}$/.test(given) ? dayAfter(today, Number(given)) : moment('--valid-until', given);
    if (Date.parse(until) < today.getTime()) throw refusal('--valid-until', `${until} is over`, 'Name a day to come.');
    return until;
  },
});

export const VALID_FROM = text({
  id: 'validFrom',
  page,
  flag: '--valid-from <date>',
  words: 'First day of use: a date',
  standard: () => null,
  check: (given, _, { validUntil }) => {
    const from = moment('--valid-from', given);
    if (typeof validUntil === 'string' && isAfter(from, validUntil)) {
      throw refusal('--valid-from', `${from} is after the last day, ${validUntil}`);
    }
    return from;
  },
});

export const KEYBOARD = text({
  id: 'keyboard',
  page,
  flag: '--keyboard <layout>',
  words: 'Keyboard where the medium asks, such as de-DE',
  standard: (answers) => keyboards(answers).find((name) => isKeyboard(name, answers)) ?? 'en-US',
  needed: () => 'the medium has a keyboard',
  check: (given, _, answers) => {
    if (isKeyboard(given, answers)) return keyboardLanguage(given) ?? given;
    throw refusal(
      '--keyboard',
      `no keyboard is called "${given}"`,
      `Name one of these languages, or what Windows calls a layout, such as 0407:00000407: ${KEYBOARD_LANGUAGES.join(', ')}`,
    );
  },
});

/** The keyboards that Windows is to have, and then its languages. */
function keyboards({ sequences = [], images = [] }: SomeAnswers): string[] {
  return [...sequences.flatMap(({ values }) => values.keyboard ?? []), ...images.map(({ language }) => language)];
}

function isKeyboard(name: string, { bootEnvironment }: SomeAnswers): boolean {
  return bootEnvironment === 'winpe' ? windowsKeyboard(name) !== undefined : xkbKeyboard(name) !== undefined;
}

export const PASSWORD_FILE = text({
  id: 'passwordFile',
  page,
  flag: '--password-file <file>',
  words: 'File with the password the medium asks for',
  // What a password seals lies where the content is.
  applies: ({ kind }) => kind !== 'bootable',
  standard: () => null,
  check: existingFile,
});

export const PASSWORD_ENVIRONMENT = text({
  id: 'passwordEnvironment',
  page,
  flag: '--password-environment <name>',
  words: 'Or the environment variable with it',
  applies: ({ kind, passwordFile }) => kind !== 'bootable' && typeof passwordFile !== 'string',
  standard: () => null,
  check: (given) => variable('--password-environment', given),
});

export const SIGNING_KEY = text({
  id: 'signingKey',
  page,
  flag: '--signing-key <file>',
  words: 'Secret key to sign the medium with, as minisign -G makes it',
  standard: () => null,
  check: existingFile,
});

const signs = ({ signingKey }: SomeAnswers): boolean => typeof signingKey === 'string';

export const SIGNING_PASSWORD_FILE = text({
  id: 'signingPasswordFile',
  page,
  flag: '--signing-password-file <file>',
  words: 'File with the password of that key',
  applies: signs,
  standard: () => null,
  check: existingFile,
});

export const SIGNING_PASSWORD_ENVIRONMENT = text({
  id: 'signingPasswordEnvironment',
  page,
  flag: '--signing-password-environment <name>',
  words: 'Or the environment variable with it',
  applies: (answers) => signs(answers) && typeof answers.signingPasswordFile !== 'string',
  standard: () => null,
  check: (given) => variable('--signing-password-environment', given),
});

function dayAfter(today: Date, days: number): string {
  return new Date(today.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** The last day counts to its end. */
function isAfter(from: string, until: string): boolean {
  const ends = validityOf({ from, until });
  return Date.parse(ends.from ?? '') > Date.parse(ends.until ?? '');
}

function moment(flag: string, given: string): string {
  if (ValidityOptions.safeParse({ until: given }).success) return given;
  throw refusal(flag, `"${given}" is not a date`, 'Write it as 2027-12-31.');
}

function variable(flag: string, given: string): string {
  if (SecretSource.safeParse({ environment: given }).success) return given;
  throw refusal(flag, `"${given}" is not the name of an environment variable`);
}
