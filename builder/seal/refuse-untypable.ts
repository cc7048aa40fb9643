import { MediasmithError } from '../../runtime/contract/errors.ts';

/** What a keyboard can type, and what media.yaml calls it where it does. */
export type Keyboard = { letters: ReadonlySet<string>; name: string | undefined };

/** `PROJECT_INVALID` where the keyboard cannot type a password; says which of its characters and never the password. */
export function refuseUntypable(password: string, { letters, name }: Keyboard, where: string): void {
  const missing = [...password.normalize('NFC')].flatMap((letter, index) => (letters.has(letter) ? [] : [index + 1]));
  if (missing.length === 0) return;
  const [characters, are] = missing.length === 1 ? ['character', 'is'] : ['characters', 'are'];
  const keyboard = name === undefined ? 'the American keyboard of the medium' : `the keyboard ${name} of the medium`;
  const message = `${characters} ${missing.join(', ')} of the password ${are} not on ${keyboard}`;
  throw new MediasmithError('PROJECT_INVALID', message, {
    where,
    hint:
      name === undefined
        ? 'Name the keyboard that the password is typed on, for instance keyboardLayout: de-DE, or take letters without accents, digits and spaces.'
        : 'Name another keyboardLayout, or take letters that this keyboard has.',
  });
}
