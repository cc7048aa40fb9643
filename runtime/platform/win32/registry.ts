import type { RegistryValue } from '../../contract/facts.ts';
import { REGISTRY_ERRORS, type RegistryCalls } from '../../native/win32-registry.ts';
import { decodeRegistryValue } from './registry-value.ts';

/** A text of the registry; empty where there is none, or something else. */
export function registryText(win32: RegistryCalls, key: string, name: string): string {
  const data = readValue(win32, key, name)?.data;
  return typeof data === 'string' ? data : '';
}

/** A number of the registry, also one that is stored as a text of digits; undefined where there is none. */
export function registryInteger(win32: RegistryCalls, key: string, name: string): number | undefined {
  const data = readValue(win32, key, name)?.data;
  if (typeof data === 'bigint') return Number(data);
  return typeof data === 'string' && /^\d+$/.test(data) ? Number(data) : undefined;
}

/** Whether one of Windows' own numbers says that there is no such key or value. */
export function isAbsent(error: number): boolean {
  return error === REGISTRY_ERRORS.fileNotFound || error === REGISTRY_ERRORS.pathNotFound;
}

function readValue(win32: RegistryCalls, key: string, name: string): RegistryValue | undefined {
  const answer = win32.registryValue(key, name);
  return 'error' in answer ? undefined : decodeRegistryValue(answer);
}
