import type { Variables } from '../contract/variables.ts';

const PASSING = '_SMSTSPassingSecret';

/** Keeps a text that no variable holds out of events, logs and errors for the rest of the run. */
export function hideSecret(variables: Variables, text: string | undefined): void {
  if (text === undefined || text === '' || variables.secrets().includes(text)) return;
  variables.set(PASSING, text, { secret: true });
  variables.set(PASSING, '');
}
