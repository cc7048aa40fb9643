import { MediasmithError } from '../../contract/errors.ts';
import type { SystemFacts } from '../../contract/facts.ts';

/** The Linux boot environment has no Windows to ask, and says so. */
export function linuxFacts(): SystemFacts {
  return {
    file: async (path) => refuse('no files of Windows', path),
    folder: async (path) => refuse('no folders of Windows', path),
    registryKeyExists: async (key) => refuse('no registry', key),
    registryValue: async (key) => refuse('no registry', key),
    installedSoftware: async () => refuse('no software of Windows Installer', undefined),
    environment: () => undefined,
  };
}

function refuse(what: string, where: string | undefined): never {
  throw new MediasmithError('CONDITION_NOT_EVALUATED', `the Linux boot environment has ${what} to ask`, {
    ...(where !== undefined && { where }),
    hint: 'Use this condition only in steps that run in Windows or WinPE.',
  });
}
