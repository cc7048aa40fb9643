import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { MediasmithError } from '../../contract/errors.ts';
import type { SystemFacts } from '../../contract/facts.ts';
import { fileVersion } from '../../native/file-version.ts';
import type { RegistryCalls } from '../../native/win32-registry.ts';
import { readInstalledSoftware } from './installed-software.ts';
import { isAbsent } from './registry.ts';
import { decodeRegistryValue } from './registry-value.ts';

/**
 * What Windows and WinPE say of themselves: of the system that runs, and not of one on a volume. `environment`: the
 * system's variables, their names in any case.
 */
export function win32Facts(
  win32: RegistryCalls,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SystemFacts {
  return {
    file: async (path) => {
      const entry = await entryAt(path);
      if (entry === undefined || entry.isDirectory()) return undefined;
      const version = await fileVersion(path).catch((cause: unknown) => refuse(path, 'cannot be read', cause));
      return { modified: entry.mtime, version };
    },
    folder: async (path) => {
      const entry = await entryAt(path);
      return entry?.isDirectory() ? { modified: entry.mtime } : undefined;
    },
    registryKeyExists: async (key) => {
      const error = win32.registryKeyError(key);
      if (error === 0) return true;
      return isAbsent(error) ? false : refuseKey(key, error);
    },
    registryValue: async (key, name) => {
      const answer = win32.registryValue(key, name);
      if (!('error' in answer)) return decodeRegistryValue(answer);
      return isAbsent(answer.error) ? undefined : refuseKey(key, answer.error);
    },
    installedSoftware: async () => readInstalledSoftware(win32, refuseKey),
    environment: (name) => {
      const found = Object.keys(environment).find((candidate) => candidate.toUpperCase() === name.toUpperCase());
      return found === undefined ? undefined : environment[found];
    },
  };
}

async function entryAt(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    return refuse(path, 'cannot be looked at', error);
  });
}

function refuse(path: string, what: string, cause: unknown): never {
  throw new MediasmithError('CONDITION_NOT_EVALUATED', `${path} ${what}`, {
    where: path,
    hint: 'Whether the condition holds is not known: see to it that the path can be read.',
    cause,
  });
}

function refuseKey(key: string, error: number): never {
  throw new MediasmithError('CONDITION_NOT_EVALUATED', `the registry key ${key} cannot be read: error ${error}`, {
    where: key,
    hint: 'A key begins with its root, HKEY_LOCAL_MACHINE\\..., and must be readable for who runs the sequence.',
  });
}
