import { partitionDevice } from './bcd-device.ts';
import { objectKey } from './bcd-elements.ts';
import { bootManagerObject, loaderObject, memoryTesterObject, resumeObject } from './bcd-objects.ts';
import type { StorePlan } from './bcd-plan.ts';
import { settingsObjects } from './bcd-settings.ts';
import { bracedGuid } from './guid.ts';
import { type HiveData, type HiveKey, hiveKey } from './hive-tree.ts';
import { writeHive } from './regf.ts';

export type WindowsBootStore = WindowsDisk & {
  /** Of the boot manager's and the loaders' screens, such as `en-US`. */
  locale: string;
  /** GUIDs of the two objects that have no well-known one. Make them at random. */
  guids: { loader: string; resume: string };
  /** Last-written time of the store. */
  timestamp: Date;
  /** What the boot menu calls the installation. `Windows` unless given. */
  description?: string;
  /** How long the boot menu waits where there is a choice. 30 unless given. */
  timeoutSeconds?: number;
};

/** UEFI starts Windows from a GPT disk and BIOS from an MBR disk. GUIDs are the unique ones; offsets are in bytes. */
export type WindowsDisk =
  | { firmware: 'uefi'; disk: { guid: string }; bootPartition: { guid: string }; windowsPartition: { guid: string } }
  | {
      firmware: 'bios';
      disk: { signature: number };
      bootPartition: { offset: number };
      windowsPartition: { offset: number };
    };

/**
 * The boot configuration store that starts the Windows of one partition: the file `\EFI\Microsoft\Boot\BCD` of the EFI
 * system partition, or `\Boot\BCD` of the active partition. It holds what bcdboot writes (linux-boot.md, section 5).
 *
 * Throws an ordinary Error for a GUID that is none.
 */
export function windowsBootStore(store: WindowsBootStore): Uint8Array {
  return writeHive(storeTree(planOf(store)), { timestamp: store.timestamp, minorVersion: 3 });
}

function planOf(store: WindowsBootStore): StorePlan {
  return {
    ...devicesOf(store),
    uefi: store.firmware === 'uefi',
    loader: bracedGuid(store.guids.loader),
    resume: bracedGuid(store.guids.resume),
    locale: store.locale,
    description: store.description ?? 'Windows',
    timeoutSeconds: store.timeoutSeconds ?? 30,
  };
}

function devicesOf(disk: WindowsDisk): Pick<StorePlan, 'bootDevice' | 'windowsDevice'> {
  if (disk.firmware === 'uefi') {
    const device = (partition: { guid: string }) =>
      partitionDevice({ style: 'gpt', disk: disk.disk.guid, partition: partition.guid });
    return { bootDevice: device(disk.bootPartition), windowsDevice: device(disk.windowsPartition) };
  }
  const device = (partition: { offset: number }) =>
    partitionDevice({ style: 'mbr', signature: disk.disk.signature, offset: partition.offset });
  return { bootDevice: device(disk.bootPartition), windowsDevice: device(disk.windowsPartition) };
}

function storeTree(plan: StorePlan): HiveKey {
  const objects = [
    bootManagerObject(plan),
    loaderObject(plan),
    resumeObject(plan),
    memoryTesterObject(plan),
    ...settingsObjects(),
  ];
  return hiveKey('NewStoreRoot', {}, [
    hiveKey('Description', systemStore(plan.uefi)),
    hiveKey('Objects', {}, objects.map(objectKey)),
  ]);
}

/** Marks the store as the one the firmware starts from, as against one that bcdedit was only pointed at. */
function systemStore(uefi: boolean): Record<string, HiveData> {
  const one: HiveData = { type: 'DWORD', data: 1 };
  return {
    KeyName: { type: 'SZ', data: 'BCD00000000' },
    System: one,
    TreatAsSystem: one,
    ...(uefi && { FirmwareModified: one }),
  };
}
