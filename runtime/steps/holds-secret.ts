import type { Variables } from '../contract/variables.ts';

/** Whether a secret is in a text: what is made from it must be kept like it. */
export function holdsSecret(text: string, variables: Variables): boolean {
  return variables.secrets().some((secret) => secret !== '' && text.includes(secret));
}
