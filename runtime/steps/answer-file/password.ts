import { randomInt } from 'node:crypto';

/** The value of a password element whose PlainText is false: password and the element's name, as UTF-16LE, in Base64. */
export function hiddenPassword(password: string, element: string): string {
  return Buffer.from(`${password}${element}`, 'utf16le').toString('base64');
}

/** One of each, so that every policy of complexity is met; none that one could take for another. */
const LETTERS = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '#$+-=?@_'];
const LENGTH = 32;

/** A password that nobody is meant to know. */
export function randomPassword(): string {
  const all = LETTERS.join('');
  const pick = (from: string): string => from.charAt(randomInt(from.length));
  const letters = [...LETTERS.map(pick), ...Array.from({ length: LENGTH - LETTERS.length }, () => pick(all))];
  for (let last = letters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [letters[last], letters[other]] = [letters[other] as string, letters[last] as string];
  }
  return letters.join('');
}
