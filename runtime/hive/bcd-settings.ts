import { type BcdObject, booleanElement, integerElement, objectListElement } from './bcd-elements.ts';
import { BCD_ELEMENTS, BCD_GUIDS, BCD_OBJECT_TYPES } from './bcd-ids.ts';

const LOCAL_DEBUGGING = 4;

/** The settings other objects inherit from, with the values Windows gives them; they are the same in every store. */
export function settingsObjects(): BcdObject[] {
  return [
    {
      guid: BCD_GUIDS.globalSettings,
      type: BCD_OBJECT_TYPES.settings,
      elements: [
        objectListElement(BCD_ELEMENTS.inherit, [
          BCD_GUIDS.debuggerSettings,
          BCD_GUIDS.emsSettings,
          BCD_GUIDS.badMemory,
        ]),
      ],
    },
    {
      guid: BCD_GUIDS.debuggerSettings,
      type: BCD_OBJECT_TYPES.settings,
      elements: [integerElement(BCD_ELEMENTS.debugType, LOCAL_DEBUGGING)],
    },
    {
      guid: BCD_GUIDS.emsSettings,
      type: BCD_OBJECT_TYPES.settings,
      elements: [booleanElement(BCD_ELEMENTS.emsEnabled, false)],
    },
    { guid: BCD_GUIDS.badMemory, type: BCD_OBJECT_TYPES.settings, elements: [] },
    {
      guid: BCD_GUIDS.bootLoaderSettings,
      type: BCD_OBJECT_TYPES.loaderSettings,
      elements: [objectListElement(BCD_ELEMENTS.inherit, [BCD_GUIDS.globalSettings, BCD_GUIDS.hypervisorSettings])],
    },
    {
      guid: BCD_GUIDS.hypervisorSettings,
      type: BCD_OBJECT_TYPES.loaderSettings,
      elements: [
        integerElement(BCD_ELEMENTS.hypervisorDebugType, 0),
        integerElement(BCD_ELEMENTS.hypervisorDebugPort, 1),
        integerElement(BCD_ELEMENTS.hypervisorBaudRate, 115_200),
      ],
    },
    {
      guid: BCD_GUIDS.resumeLoaderSettings,
      type: BCD_OBJECT_TYPES.resumeSettings,
      elements: [objectListElement(BCD_ELEMENTS.inherit, [BCD_GUIDS.globalSettings])],
    },
  ];
}
