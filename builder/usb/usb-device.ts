import { formatBytes } from '../../runtime/contract/format-bytes.ts';

/** A disk that a person might want to make a medium of, and why it may not be written. */
export type UsbDevice = {
  /** The path of the whole disk: /dev/sdb. */
  device: string;
  /** With its vendor; empty where nothing is known. */
  model: string;
  /** Empty where it has none. */
  serial: string;
  bytes: number;
  /** It is made to be taken out: a stick or a card, and no disk that is merely attached by a cable. */
  removable: boolean;
  /** Something of it is mounted or swapped to, be it through what is laid over it. */
  mounted: boolean;
  mountPoints: readonly string[];
  /** dos, gpt, or empty. */
  partitionTable: string;
  contents: readonly DeviceContent[];
  /** Null for one that may be written. */
  refused: string | null;
};

/** What lies on a disk: a partition, or a file system without one. */
export type DeviceContent = { device: string; bytes: number; fileSystem: string; label: string };

/** One line a person can tell a disk by. */
export function describeDevice({ device, model, serial, bytes }: UsbDevice): string {
  const known = serial === '' ? 'no serial' : `serial ${serial}`;
  return `${device}: ${model || 'unknown model'}, ${formatBytes(bytes)}, ${known}`;
}

/** The lines of an error: every disk, and why it may not be written. */
export function describeDevices(devices: readonly UsbDevice[]): string[] {
  if (devices.length === 0) return ['no disk is there'];
  return devices.map((device) =>
    device.refused === null ? describeDevice(device) : `${describeDevice(device)}: refused, ${device.refused}`,
  );
}

/** What would be lost, a line for each thing. */
export function describeContents({ contents, partitionTable }: UsbDevice): string[] {
  if (contents.length > 0) return contents.map(describeContent);
  return [partitionTable === '' ? 'nothing known is on it' : `an empty partition table (${partitionTable})`];
}

function describeContent({ device, bytes, fileSystem, label }: DeviceContent): string {
  const name = label === '' ? '' : ` "${label}"`;
  return `${device}: ${fileSystem || 'no known file system'}${name}, ${formatBytes(bytes)}`;
}
