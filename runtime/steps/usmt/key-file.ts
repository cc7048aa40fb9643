import type { StepContext } from '../context.ts';
import { hideSecret } from '../hide-secret.ts';

/** The key in a file that goes with the step: a command line can be read by every program of the machine. */
export async function keyFileFor(key: string | undefined, context: StepContext): Promise<string | undefined> {
  if (key === undefined) return undefined;
  hideSecret(context.variables, key);
  return (await context.temporaryFolder()).write('key.txt', key);
}
