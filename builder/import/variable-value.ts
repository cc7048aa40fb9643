import type { Notes } from './mapping.ts';
import { hideSecrets, isSecretVariable } from './secrets.ts';

/** What a step sets a variable to. A secret is asked for when the sequence runs; of a text that shows one, only that. */
export function shownValue(
  name: string,
  value: string,
  marked: boolean,
  { password }: Pick<Notes, 'password'>,
): { value: string; secret: boolean } {
  const variable = `${name.slice(0, 240)}-Value`;
  if (marked || isSecretVariable(name, value)) return { value: password(name, variable), secret: true };
  let count = 0;
  const shown = hideSecrets(value, () => {
    count++;
    return password(name, count === 1 ? variable : `${variable}${count}`);
  });
  return { value: shown, secret: count > 0 };
}
