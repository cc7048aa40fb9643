import { guidBytes } from '../../runtime/hive/guid.ts';
import type { Win32 } from '../../runtime/native/win32.ts';
import type { ControlResult, DriveType } from '../../runtime/native/win32-storage.ts';
import { CONTROL_CODES, type DeviceDescriptor, type DriveLayout } from '../../runtime/native/win32-structs.ts';

const NO_REGISTRY = { error: 2 };
const NOT_READY = 21;
const NOT_SUPPORTED = 50;
const WRITE_PROTECTED = 19;
const DISK_TYPE = 7;
const ADAPTER_PROTOCOL = 49;

/** A disk as Windows' control codes describe it; what is left out is refused. */
export type FakeDisk = Partial<DeviceDescriptor> & {
  bytes?: number;
  sectorBytes?: number;
  writeProtected?: boolean;
  /** What an NVMe controller calls itself. */
  nvmeSerial?: string;
  layout?: DriveLayout;
};

/** `disk`: the number of the disk the drive lies on; `partition`: the first unless given. */
export type FakeDrive = { type: DriveType; disk?: number; partition?: number; label?: string };

export type FakeWindows = {
  /** By what opens them. */
  disks: Record<string, FakeDisk>;
  drives: Record<string, FakeDrive>;
  /** Programs that got a console of their own. */
  consoles: string[];
};

/** Windows' own calls over plain data, which a test may change at any time. */
export function fakeWin32(windows: Partial<FakeWindows> = {}, answers: Partial<Win32> = {}): Win32 {
  return {
    driveLetters: () => Object.keys(windows.drives ?? {}).sort(),
    driveType: (letter) => windows.drives?.[letter]?.type ?? 'none',
    volumeLabel: (letter) => windows.drives?.[letter]?.label,
    control: (device, code, input) =>
      controlDrive(windows.drives ?? {}, device, code) ?? controlDisk(windows.disks?.[device], code, input),
    smbios: () => Buffer.alloc(0),
    firmwareType: () => 'uefi',
    firmwareVariable: () => undefined,
    hardwareIds: () => [],
    memoryBytes: () => 8 * 1024 ** 3,
    onBattery: () => false,
    batteryPercent: () => undefined,
    registryNumber: () => undefined,
    deleteAtRestart: () => true,
    setFirmwareVariable: () => false,
    registryKeyError: () => NO_REGISTRY.error,
    registryValue: () => NO_REGISTRY,
    registrySubkeys: () => NO_REGISTRY,
    registryValueNames: () => NO_REGISTRY,
    connectShare: () => undefined,
    shareOfDrive: () => undefined,
    adapterAddresses: () => ({ data: Buffer.alloc(0), base: 0n }),
    tpmVersion: () => undefined,
    isAdministrator: () => true,
    enablePrivilege: () => true,
    removeReparsePoint: () => false,
    joined: () => undefined,
    hasModule: () => true,
    disableQuickEdit: () => true,
    useUtf8: () => true,
    openConsole: (program) => (windows.consoles?.push(program) ?? 0) > 0,
    ...answers,
  };
}

function controlDrive(drives: FakeWindows['drives'], device: string, code: number): ControlResult | undefined {
  const letter = /^\\\\\.\\([A-Z]):$/.exec(device)?.[1];
  const { disk, partition = 1 } = (letter === undefined ? undefined : drives[letter]) ?? {};
  if (disk === undefined || code !== CONTROL_CODES.STORAGE_GET_DEVICE_NUMBER) return undefined;
  return { data: Buffer.concat([uint32(DISK_TYPE), uint32(disk), uint32(partition)]) };
}

function controlDisk(disk: FakeDisk | undefined, code: number, input: Buffer): ControlResult | undefined {
  if (disk === undefined) return undefined;
  switch (code) {
    case CONTROL_CODES.DISK_GET_DRIVE_GEOMETRY_EX:
      return disk.bytes === undefined ? { error: NOT_READY } : { data: geometry(disk.bytes, disk.sectorBytes ?? 512) };
    case CONTROL_CODES.STORAGE_QUERY_PROPERTY:
      if (input.readUInt32LE(0) === ADAPTER_PROTOCOL) return nvmeIdentity(disk.nvmeSerial);
      return disk.bus === undefined ? { error: NOT_SUPPORTED } : { data: descriptor(disk) };
    case CONTROL_CODES.DISK_IS_WRITABLE:
      return disk.writeProtected ? { error: WRITE_PROTECTED } : { data: Buffer.alloc(0) };
    case CONTROL_CODES.DISK_GET_DRIVE_LAYOUT_EX:
      return disk.layout === undefined ? { error: NOT_SUPPORTED } : { data: layoutBytes(disk.layout) };
    default:
      return { error: NOT_SUPPORTED };
  }
}

function nvmeIdentity(serial: string | undefined): ControlResult {
  if (serial === undefined) return { error: NOT_SUPPORTED };
  const data = Buffer.alloc(8 + 40 + 4096);
  data.write(serial.padEnd(20), 8 + 40 + 4, 'latin1');
  return { data };
}

function geometry(bytes: number, sectorBytes: number): Buffer {
  const data = Buffer.alloc(40);
  data.writeUInt32LE(sectorBytes, 20);
  data.writeBigUInt64LE(BigInt(bytes), 24);
  return data;
}

function descriptor({ vendor, product, serial, bus = 0, removable = false }: FakeDisk): Buffer {
  const header = Buffer.alloc(36);
  header[10] = Number(removable);
  header.writeUInt32LE(bus, 28);
  const parts = [header];
  for (const [at, text] of [
    [12, vendor],
    [16, product],
    [24, serial],
  ] as const) {
    if (text === undefined) continue;
    header.writeUInt32LE(Buffer.concat(parts).length, at);
    parts.push(Buffer.from(`${text}\0`, 'latin1'));
  }
  return Buffer.concat(parts);
}

function layoutBytes({ style, identity, partitions }: DriveLayout): Buffer {
  const header = Buffer.alloc(48);
  header.writeUInt32LE(['mbr', 'gpt', 'raw'].indexOf(style), 0);
  header.writeUInt32LE(partitions.length, 4);
  if (style === 'gpt') header.set(guidBytes(identity), 8);
  if (style === 'mbr') header.writeUInt32LE(Number.parseInt(identity, 16), 8);
  const entries = partitions.map(({ number, startBytes, bytes, guid }) => {
    const entry = Buffer.alloc(144);
    entry.writeBigUInt64LE(BigInt(startBytes), 8);
    entry.writeBigUInt64LE(BigInt(bytes), 16);
    entry.writeUInt32LE(number, 24);
    if (guid !== undefined) entry.set(guidBytes(guid), 48);
    return entry;
  });
  return Buffer.concat([header, ...entries]);
}

function uint32(value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeUInt32LE(value);
  return data;
}
