import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { BCD_ELEMENTS, BCD_GUIDS, BCD_OBJECT_TYPES } from '../../../runtime/hive/bcd-ids.ts';
import { bracedGuid } from '../../../runtime/hive/guid.ts';
import type { HiveData } from '../../../runtime/hive/hive-tree.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { exportHive, type RegistryKeys, registryValue } from '../../tools/hivexregedit.ts';
import { type BootStoreDevice, decodeDevice } from './boot-store-device.ts';

export type BootStoreEntry = {
  id: string;
  description?: string;
  /** The loader inside what is started, with backslashes. */
  path?: string;
  device?: BootStoreDevice;
  winPe: boolean;
};

export type BootStore = {
  /** What the boot manager starts without being asked; the first of its menu where it names no default. */
  default?: string;
  entries: BootStoreEntry[];
  /** Objects that say where the SDI file for a ramdisk is. */
  ramdisks: { id: string; sdiDevice?: BootStoreDevice; sdiPath?: string }[];
};

/**
 * Reads a boot configuration store (BCD). Throws `SOURCE_NOT_FOUND`, and `SOURCE_INVALID` for a file that is no registry
 * hive, a broken one, or a hive of something else.
 */
export async function readBootStore(hive: string, exec: Exec): Promise<BootStore> {
  const keys = await exportHive(hive, '', exec);
  const ids = [...keys.keys()].flatMap((key) => /^Objects\\([^\\]+)$/i.exec(key)?.[1] ?? []);
  if (registryValue(keys, 'Description', 'KeyName') === undefined) {
    throw new MediasmithError('SOURCE_INVALID', `${hive} is a registry hive, but no boot configuration store`, {
      where: hive,
    });
  }
  const objectsOf = (type: number): string[] => ids.filter((id) => typeOf(keys, id) === type);
  const chosen = defaultOf(keys);
  return {
    ...(chosen !== undefined && { default: chosen }),
    entries: objectsOf(BCD_OBJECT_TYPES.osLoader).map((id) => entryOf(keys, id)),
    ramdisks: objectsOf(BCD_OBJECT_TYPES.device).map((id) => ({
      id: id.toLowerCase(),
      ...optional('sdiDevice', device(element(keys, id, BCD_ELEMENTS.sdiDevice))),
      ...optional('sdiPath', text(element(keys, id, BCD_ELEMENTS.sdiPath))),
    })),
  };
}

function defaultOf(keys: RegistryKeys): string | undefined {
  const manager = bracedGuid(BCD_GUIDS.bootManager);
  const menu = element(keys, manager, BCD_ELEMENTS.displayOrder);
  const chosen = text(element(keys, manager, BCD_ELEMENTS.defaultObject));
  return (chosen ?? (menu?.type === 'MULTI_SZ' ? menu.data[0] : undefined))?.toLowerCase();
}

function entryOf(keys: RegistryKeys, id: string): BootStoreEntry {
  const winPe = element(keys, id, BCD_ELEMENTS.winPe);
  return {
    id: id.toLowerCase(),
    ...optional('description', text(element(keys, id, BCD_ELEMENTS.description))),
    ...optional('path', text(element(keys, id, BCD_ELEMENTS.path))),
    ...optional('device', device(element(keys, id, BCD_ELEMENTS.device))),
    winPe: winPe?.type === 'BINARY' && winPe.data[0] === 1,
  };
}

function typeOf(keys: RegistryKeys, id: string): number | undefined {
  const type = registryValue(keys, `Objects\\${id}\\Description`, 'Type');
  return type?.type === 'DWORD' ? type.data : undefined;
}

function element(keys: RegistryKeys, id: string, number: number): HiveData | undefined {
  return registryValue(keys, `Objects\\${id}\\Elements\\${number.toString(16).padStart(8, '0')}`, 'Element');
}

function text(data: HiveData | undefined): string | undefined {
  return data?.type === 'SZ' ? data.data : undefined;
}

function device(data: HiveData | undefined): BootStoreDevice | undefined {
  return data?.type === 'BINARY' ? decodeDevice(data.data) : undefined;
}

function optional<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: T });
}
