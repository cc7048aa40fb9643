/** What the objects of one store are made from: the same for both firmwares once the devices are bytes. */
export type StorePlan = {
  uefi: boolean;
  bootDevice: Uint8Array;
  windowsDevice: Uint8Array;
  loader: string;
  resume: string;
  locale: string;
  description: string;
  timeoutSeconds: number;
};
