import type { Machine } from './machine.ts';
import type { Variables } from './variables.ts';

/** A registry value as its type gives it: text, list of texts, number (DWORD and QWORD), bytes. */
export type RegistryValue = {
  type: 'REG_NONE' | 'REG_SZ' | 'REG_EXPAND_SZ' | 'REG_MULTI_SZ' | 'REG_DWORD' | 'REG_QWORD' | 'REG_BINARY';
  data: string | readonly string[] | bigint | Uint8Array;
};

/** A product that Windows Installer has installed. */
export type InstalledSoftware = { productCode: string; upgradeCode: string; name: string; version: string };

/**
 * What a platform can look up for conditions. Paths are Windows paths. A platform that has no such thing (the registry on
 * Linux) throws `CONDITION_NOT_EVALUATED`: it never answers for what it cannot see.
 */
export type SystemFacts = {
  /** Undefined when there is no such file. `version`: the file version of an executable's resources, a.b.c.d. */
  file(path: string): Promise<{ modified: Date; version: string | undefined } | undefined>;
  folder(path: string): Promise<{ modified: Date } | undefined>;
  /** `key` begins with its root: HKEY_LOCAL_MACHINE\\SOFTWARE\\... */
  registryKeyExists(key: string): Promise<boolean>;
  registryValue(key: string, name: string): Promise<RegistryValue | undefined>;
  installedSoftware(): Promise<readonly InstalledSoftware[]>;
  /** A variable of the system's environment: %ProgramFiles%. */
  environment(name: string): string | undefined;
};

/** Everything a condition may ask. */
export type ConditionFacts = { variables: Variables; machine: Machine; system: SystemFacts };
