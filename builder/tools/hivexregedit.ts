import { copyFile, rename, rm } from 'node:fs/promises';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import type { HiveData } from '../../runtime/hive/hive-tree.ts';
import type { Argv, Exec, ExecResult } from '../../runtime/host/exec.ts';
import { parseRegistryText, registryText } from './registry-text.ts';

/**
 * Keys of a hive with their values. A key is named by its path from the hive's root, with backslashes and none in front;
 * the root's is empty. A value without a name is the key's default value.
 */
export type RegistryKeys = ReadonlyMap<string, ReadonlyMap<string, HiveData>>;

/** Perl reads its arguments and input and writes its output in UTF-8. */
const ENVIRONMENT = { PERL_UNICODE: 'SAD', LC_ALL: 'C.UTF-8' };

/**
 * Reads a key and everything below it; the empty path is the whole hive. A key that is not there gives no keys. Values
 * of other types, and those whose bytes do not fit their type, come as BINARY.
 *
 * Throws `SOURCE_NOT_FOUND`, and `SOURCE_INVALID` for a file that is no registry hive or a broken one.
 */
export async function exportHive(hive: string, key: string, exec: Exec): Promise<RegistryKeys> {
  try {
    const { stdout } = await exec(exportHiveArgv(hive, key), { env: ENVIRONMENT });
    return parseRegistryText(stdout);
  } catch (error) {
    if (says(error, 'path not found in this hive')) return new Map();
    throw unreadable(hive, error);
  }
}

/**
 * Adds values to a hive, with the keys they need. A value that is there already is replaced; all others stay. The hive
 * is changed as a whole or not at all.
 *
 * Throws as {@link exportHive} does, and an ordinary Error for a name with a line break.
 */
export async function mergeIntoHive(hive: string, keys: RegistryKeys, exec: Exec): Promise<void> {
  const input = registryText(keys);
  const copy = `${hive}.${process.pid}.partial`;
  try {
    await copyHive(hive, copy);
    await merge(hive, copy, input, exec);
    await rename(copy, hive);
  } finally {
    await rm(copy, { force: true });
  }
}

export function exportHiveArgv(hive: string, key: string): Argv {
  return ['hivexregedit', '--export', hive, `\\${key}`];
}

/** The text to merge is read from standard input. */
export function mergeIntoHiveArgv(hive: string): Argv {
  return ['hivexregedit', '--merge', hive];
}

/** The value of a key, both by name in any case. */
export function registryValue(keys: RegistryKeys, key: string, name: string): HiveData | undefined {
  return named(named(keys, key) ?? new Map<string, HiveData>(), name);
}

function named<T>(map: ReadonlyMap<string, T>, name: string): T | undefined {
  const lower = name.toLowerCase();
  return map.get(name) ?? [...map].find(([other]) => other.toLowerCase() === lower)?.[1];
}

async function copyHive(hive: string, copy: string): Promise<void> {
  try {
    await copyFile(hive, copy);
  } catch (cause) {
    throw new MediasmithError('SOURCE_NOT_FOUND', `cannot read the registry hive ${hive}`, { where: hive, cause });
  }
}

async function merge(hive: string, copy: string, input: string, exec: Exec): Promise<ExecResult> {
  try {
    return await exec(mergeIntoHiveArgv(copy), { env: ENVIRONMENT, input });
  } catch (error) {
    throw unreadable(hive, error);
  }
}

function unreadable(hive: string, error: unknown): unknown {
  if (!isMediasmithError(error) || error.code !== 'TOOL_FAILED') return error;
  // The lines before the failure are the export so far.
  const lines = error.lines
    .filter((line) => !/^[[@"]/.test(line))
    .map((line) => line.replace(/ at \/\S+ line \d+\.$/, ''));
  if (says(error, 'No such file or directory')) {
    return new MediasmithError('SOURCE_NOT_FOUND', `there is no registry hive ${hive}`, { where: hive, cause: error });
  }
  return new MediasmithError('SOURCE_INVALID', `${hive} is not a registry hive that can be read`, {
    where: hive,
    lines,
    hint: 'Take the file from its image again: it is damaged, or it is not a hive.',
    cause: error,
  });
}

function says(error: unknown, text: string): boolean {
  return isMediasmithError(error) && error.lines.some((line) => line.includes(text));
}
