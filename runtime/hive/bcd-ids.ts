/** Objects every store names by the same GUID. */
export const BCD_GUIDS = {
  bootManager: '9dea862c-5cdd-4e70-acc1-f32b344d4795',
  memoryTester: 'b2721d73-1db4-4c62-bf78-c548a880142d',
  globalSettings: '7ea2e1ac-2e61-4728-aaa3-896d9d0a9f0e',
  bootLoaderSettings: '6efb52bf-1766-41db-a6b3-0ee5eff72bd7',
  resumeLoaderSettings: '1afa9c49-16ab-4a5c-901b-212802da9460',
  hypervisorSettings: '7ff607e0-4395-11db-b0de-0800200c9a66',
  debuggerSettings: '4636856e-540f-4170-a130-a84776f4c654',
  emsSettings: '0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9',
  badMemory: '5189b25c-5558-4bf2-bca4-289b11bd29e2',
} as const;

export const BCD_OBJECT_TYPES = {
  bootManager: 0x10100002,
  osLoader: 0x10200003,
  resume: 0x10200004,
  memoryTester: 0x10200005,
  settings: 0x20100000,
  loaderSettings: 0x20200003,
  resumeSettings: 0x20200004,
} as const;

/** Numbers from linux-boot.md, section 5; names as bcdedit prints them. The same number means two things in two classes. */
export const BCD_ELEMENTS = {
  device: 0x11000001,
  path: 0x12000002,
  description: 0x12000004,
  locale: 0x12000005,
  inherit: 0x14000006,
  debugType: 0x15000011,
  badMemoryAccess: 0x1600000b,
  emsEnabled: 0x16000020,
  isolatedContext: 0x16000060,
  allowedInMemorySettings: 0x17000077,
  osDevice: 0x21000001,
  systemRoot: 0x22000002,
  hiberFile: 0x22000002,
  defaultObject: 0x23000003,
  resumeObject: 0x23000003,
  bootManagerResumeObject: 0x23000006,
  displayOrder: 0x24000001,
  toolsDisplayOrder: 0x24000010,
  timeout: 0x25000004,
  resumeBootMenuPolicy: 0x25000008,
  nx: 0x25000020,
  bootMenuPolicy: 0x250000c2,
  hypervisorDebugType: 0x250000f3,
  hypervisorDebugPort: 0x250000f4,
  hypervisorBaudRate: 0x250000f5,
  resumeDebugOption: 0x26000006,
} as const;
