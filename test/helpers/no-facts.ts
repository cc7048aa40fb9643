import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { SystemFacts } from '../../runtime/contract/facts.ts';

/** A system of which nothing can be asked. */
export function noFacts(system: string): SystemFacts {
  const refuse = async (): Promise<never> => {
    throw new MediasmithError('CONDITION_NOT_EVALUATED', `${system} cannot say`);
  };
  return {
    file: refuse,
    folder: refuse,
    registryKeyExists: refuse,
    registryValue: refuse,
    installedSoftware: refuse,
    environment: () => undefined,
  };
}
