import type { BootStore, BootStoreEntry } from './boot-store.ts';
import type { BootStoreDevice } from './boot-store-device.ts';

export type BootStoreMedium = {
  firmware: 'uefi' | 'bios';
  /** Whether a file is on the medium; paths have slashes and none in front, in any case. */
  has(path: string): boolean;
};

/** What keeps a store from starting WinPE from this medium, in words; nothing when it will. */
export function bootStoreProblems(store: BootStore, medium: BootStoreMedium): string[] {
  if (store.default === undefined) return ['the boot manager has no default entry'];
  const entry = store.entries.find(({ id }) => id === store.default);
  if (entry === undefined) return [`the default entry ${store.default} is not a Windows loader of this store`];
  return [...loaderProblems(entry, medium), ...deviceProblems(store, entry, medium)];
}

function loaderProblems({ path, winPe }: BootStoreEntry, { firmware }: BootStoreMedium): string[] {
  const [extension, name] = firmware === 'uefi' ? ['.efi', 'UEFI'] : ['.exe', 'BIOS'];
  return [
    ...(path === undefined ? ['the default entry names no loader'] : []),
    ...(path === undefined || path.toLowerCase().endsWith(extension)
      ? []
      : [`the default entry starts ${path}, and a store for ${name} needs a loader that ends in ${extension}`]),
    ...(winPe ? [] : ['the default entry does not say that it starts WinPE']),
  ];
}

function deviceProblems(store: BootStore, { device }: BootStoreEntry, medium: BootStoreMedium): string[] {
  if (device?.type !== 'ramdisk') return ['the default entry does not start a WIM file'];
  const ramdisk = store.ramdisks.find(({ id }) => id === device.options);
  return [
    ...placeProblems('the WIM file', device.parent, device.path, medium),
    ...(ramdisk === undefined
      ? [`the ramdisk options ${device.options} are not in the store`]
      : placeProblems('the SDI file', ramdisk.sdiDevice, ramdisk.sdiPath, medium)),
  ];
}

function placeProblems(
  what: string,
  device: BootStoreDevice | undefined,
  path: string | undefined,
  medium: BootStoreMedium,
): string[] {
  if (path === undefined) return [`the store does not say where ${what} is`];
  return [
    ...(device?.type === 'boot' ? [] : [`${what} is looked for on a certain disk, and not on the medium`]),
    ...(medium.has(path.replaceAll('\\', '/').replace(/^\/+/, '')) ? [] : [`${what} ${path} is not on the medium`]),
  ];
}
