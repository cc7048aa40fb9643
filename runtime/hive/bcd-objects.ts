import {
  type BcdElement,
  type BcdObject,
  booleanElement,
  deviceElement,
  integerElement,
  objectElement,
  objectListElement,
  stringElement,
} from './bcd-elements.ts';
import { BCD_ELEMENTS, BCD_GUIDS, BCD_OBJECT_TYPES } from './bcd-ids.ts';
import type { StorePlan } from './bcd-plan.ts';

const NX_OPT_IN = 0;
const MENU_STANDARD = 1;

/** The boot manager. In a BIOS store it has no path: the boot sector loads it before there is a store. */
export function bootManagerObject(plan: StorePlan): BcdObject {
  return {
    guid: BCD_GUIDS.bootManager,
    type: BCD_OBJECT_TYPES.bootManager,
    elements: [
      deviceElement(BCD_ELEMENTS.device, plan.bootDevice),
      ...(plan.uefi ? [stringElement(BCD_ELEMENTS.path, '\\EFI\\Microsoft\\Boot\\bootmgfw.efi')] : []),
      ...named('Windows Boot Manager', plan.locale),
      objectListElement(BCD_ELEMENTS.inherit, [BCD_GUIDS.globalSettings]),
      objectElement(BCD_ELEMENTS.defaultObject, plan.loader),
      objectElement(BCD_ELEMENTS.bootManagerResumeObject, plan.resume),
      objectListElement(BCD_ELEMENTS.displayOrder, [plan.loader]),
      objectListElement(BCD_ELEMENTS.toolsDisplayOrder, [BCD_GUIDS.memoryTester]),
      integerElement(BCD_ELEMENTS.timeout, plan.timeoutSeconds),
    ],
  };
}

export function loaderObject(plan: StorePlan): BcdObject {
  return {
    guid: plan.loader,
    type: BCD_OBJECT_TYPES.osLoader,
    elements: [
      deviceElement(BCD_ELEMENTS.device, plan.windowsDevice),
      stringElement(BCD_ELEMENTS.path, `\\Windows\\system32\\winload.${plan.uefi ? 'efi' : 'exe'}`),
      ...named(plan.description, plan.locale),
      objectListElement(BCD_ELEMENTS.inherit, [BCD_GUIDS.bootLoaderSettings]),
      ...memorySettings(plan),
      deviceElement(BCD_ELEMENTS.osDevice, plan.windowsDevice),
      stringElement(BCD_ELEMENTS.systemRoot, '\\Windows'),
      objectElement(BCD_ELEMENTS.resumeObject, plan.resume),
      integerElement(BCD_ELEMENTS.nx, NX_OPT_IN),
      integerElement(BCD_ELEMENTS.bootMenuPolicy, MENU_STANDARD),
    ],
  };
}

export function resumeObject(plan: StorePlan): BcdObject {
  return {
    guid: plan.resume,
    type: BCD_OBJECT_TYPES.resume,
    elements: [
      deviceElement(BCD_ELEMENTS.device, plan.windowsDevice),
      stringElement(BCD_ELEMENTS.path, `\\Windows\\system32\\winresume.${plan.uefi ? 'efi' : 'exe'}`),
      ...named('Windows Resume Application', plan.locale),
      objectListElement(BCD_ELEMENTS.inherit, [BCD_GUIDS.resumeLoaderSettings]),
      ...memorySettings(plan),
      deviceElement(BCD_ELEMENTS.osDevice, plan.windowsDevice),
      stringElement(BCD_ELEMENTS.hiberFile, '\\hiberfil.sys'),
      integerElement(BCD_ELEMENTS.resumeBootMenuPolicy, MENU_STANDARD),
      ...(plan.uefi ? [] : [booleanElement(BCD_ELEMENTS.resumeDebugOption, false)]),
    ],
  };
}

export function memoryTesterObject(plan: StorePlan): BcdObject {
  return {
    guid: BCD_GUIDS.memoryTester,
    type: BCD_OBJECT_TYPES.memoryTester,
    elements: [
      deviceElement(BCD_ELEMENTS.device, plan.bootDevice),
      stringElement(BCD_ELEMENTS.path, plan.uefi ? '\\EFI\\Microsoft\\Boot\\memtest.efi' : '\\boot\\memtest.exe'),
      ...named('Windows Memory Diagnostic', plan.locale),
      objectListElement(BCD_ELEMENTS.inherit, [BCD_GUIDS.globalSettings]),
      booleanElement(BCD_ELEMENTS.badMemoryAccess, true),
    ],
  };
}

function named(description: string, locale: string): BcdElement[] {
  return [stringElement(BCD_ELEMENTS.description, description), stringElement(BCD_ELEMENTS.locale, locale)];
}

function memorySettings(plan: StorePlan): BcdElement[] {
  return [
    ...(plan.uefi ? [booleanElement(BCD_ELEMENTS.isolatedContext, true)] : []),
    integerElement(BCD_ELEMENTS.allowedInMemorySettings, 0x15000075),
  ];
}
