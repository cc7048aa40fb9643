import { bootDevice, ramdiskDevice } from './bcd-device.ts';
import {
  type BcdElement,
  type BcdObject,
  booleanElement,
  deviceElement,
  integerElement,
  objectElement,
  objectKey,
  objectListElement,
  stringElement,
} from './bcd-elements.ts';
import { BCD_ELEMENTS, BCD_GUIDS, BCD_OBJECT_TYPES } from './bcd-ids.ts';
import { settingsObjects } from './bcd-settings.ts';
import { hiveKey } from './hive-tree.ts';
import { writeHive } from './regf.ts';

export type MediumBootStore = {
  firmware: 'uefi' | 'bios';
  /** Of the boot manager's and the loader's screens; `en-US` unless given. */
  locale?: string;
  /** Last-written time of the store. */
  timestamp: Date;
};

const WIM = '\\sources\\boot.wim';
const SDI = '\\boot\\boot.sdi';
const TIMEOUT_SECONDS = 30;
const NX_OPT_IN = 0;
const MENU_STANDARD = 1;

/**
 * The boot configuration store of a medium that starts `\sources\boot.wim` from memory, with `\boot\boot.sdi`: the file
 * `\efi\microsoft\boot\bcd` for UEFI, `\boot\bcd` for BIOS. It has the objects of the store on Microsoft's media
 * (linux-boot.md, section 5), and is not marked as a computer's own.
 */
export function mediumBootStore(store: MediumBootStore): Uint8Array {
  const objects = [bootManager(store), loader(store), ramdisk(), ...settingsObjects()];
  const tree = hiveKey('NewStoreRoot', {}, [
    hiveKey('Description', { KeyName: { type: 'SZ', data: 'BCD00000001' } }),
    hiveKey('Objects', {}, objects.map(objectKey)),
  ]);
  return writeHive(tree, { timestamp: store.timestamp, minorVersion: 3 });
}

function bootManager(store: MediumBootStore): BcdObject {
  return {
    guid: BCD_GUIDS.bootManager,
    type: BCD_OBJECT_TYPES.bootManager,
    elements: [
      ...named('Windows Boot Manager', store),
      objectListElement(BCD_ELEMENTS.inherit, [BCD_GUIDS.globalSettings]),
      objectElement(BCD_ELEMENTS.defaultObject, BCD_GUIDS.setupLoader),
      objectListElement(BCD_ELEMENTS.displayOrder, [BCD_GUIDS.setupLoader]),
      integerElement(BCD_ELEMENTS.timeout, TIMEOUT_SECONDS),
    ],
  };
}

function loader(store: MediumBootStore): BcdObject {
  const device = ramdiskDevice(bootDevice(), WIM, BCD_GUIDS.setupRamdisk);
  const uefi = store.firmware === 'uefi';
  return {
    guid: BCD_GUIDS.setupLoader,
    type: BCD_OBJECT_TYPES.osLoader,
    elements: [
      deviceElement(BCD_ELEMENTS.device, device),
      stringElement(BCD_ELEMENTS.path, `\\windows\\system32\\boot\\winload.${uefi ? 'efi' : 'exe'}`),
      ...named('Windows Setup', store),
      objectListElement(BCD_ELEMENTS.inherit, [BCD_GUIDS.bootLoaderSettings]),
      ...(uefi ? [booleanElement(BCD_ELEMENTS.isolatedContext, true)] : []),
      deviceElement(BCD_ELEMENTS.osDevice, device),
      stringElement(BCD_ELEMENTS.systemRoot, '\\windows'),
      integerElement(BCD_ELEMENTS.nx, NX_OPT_IN),
      integerElement(BCD_ELEMENTS.bootMenuPolicy, MENU_STANDARD),
      booleanElement(BCD_ELEMENTS.detectHal, true),
      booleanElement(BCD_ELEMENTS.winPe, true),
      booleanElement(BCD_ELEMENTS.ems, false),
    ],
  };
}

function ramdisk(): BcdObject {
  return {
    guid: BCD_GUIDS.setupRamdisk,
    type: BCD_OBJECT_TYPES.device,
    elements: [
      stringElement(BCD_ELEMENTS.description, 'Ramdisk Options'),
      deviceElement(BCD_ELEMENTS.sdiDevice, bootDevice()),
      stringElement(BCD_ELEMENTS.sdiPath, SDI),
    ],
  };
}

function named(description: string, { locale = 'en-US' }: MediumBootStore): BcdElement[] {
  return [stringElement(BCD_ELEMENTS.description, description), stringElement(BCD_ELEMENTS.locale, locale)];
}
