import type { Machine } from '../../contract/machine.ts';
import type { RecordedMachine } from '../../contract/recorded-machine.ts';
import type { PlatformName } from '../../contract/step.ts';
import type { PartitionTable } from '../partition-table.ts';
import type { TargetDisk, TargetVolume } from '../platform.ts';
import type { SimulatedWorld } from './world.ts';

/** Identities are drawn anew in every run; a simulation says the same each time. */
export const NO_IDENTITY = { gpt: '00000000-0000-0000-0000-000000000000', mbr: '00000000' } as const;

/** A table as it is shown. */
export function withoutIdentity({ partitions, ...table }: PartitionTable): PartitionTable {
  return {
    ...{ ...table, identity: NO_IDENTITY[table.style] },
    partitions: partitions.map((partition) => ({
      ...partition,
      ...(partition.guid !== undefined && { guid: NO_IDENTITY.gpt }),
    })),
  };
}

type Seen = Pick<SimulatedWorld, 'recorded' | 'deployed'>;
/** What opens a volume of a disk there: by its number, or by the letter that Windows has for it; empty for nothing. */
export type DeviceName = (disk: string, volume: { number: number; letter: string }) => string;

/** The recorded machine as it shows itself there: a boot environment has no Windows of its own. */
export function machineOf({ recorded, deployed: isDeployed }: Seen, name: PlatformName): Machine {
  const { environment: _, system: __, programs: ___, packages: ____, deployed, operatingSystem, ...machine } = recorded;
  if (name !== 'windows') return machine;
  return { ...machine, operatingSystem: isDeployed ? deployed : (operatingSystem ?? deployed) };
}

/** The disk with Windows, unless the machine came without one and none was set up. */
export function installedWindows({ recorded, deployed }: Seen, deviceName: DeviceName): TargetDisk[] {
  return recorded.disks[0]?.empty === true && !deployed ? [] : [theInstalledWindows(recorded, deviceName)];
}

/** The same disk as any system sees it, with a volume for files besides. */
export function presentDisks(seen: Seen, deviceName: DeviceName): TargetDisk[] {
  return installedWindows(seen, deviceName).map(({ windows: _, ...disk }) => {
    const [last] = disk.volumes.slice(-1);
    if (last === undefined) return disk;
    const number = last.number + 1;
    const other = { ...last, name: 'Data', device: deviceName(disk.device, { number, letter: 'E' }), number };
    return { ...disk, volumes: [...disk.volumes, other] };
  });
}

/** The Windows a recorded machine has on its first disk, where Windows' own setup puts it. */
function theInstalledWindows({ disks, firmware }: RecordedMachine, deviceName: DeviceName): TargetDisk {
  const { device = '', bytes = 0 } = disks[0] ?? {};
  const volume = (number: number, name: string, role: TargetVolume['role'], letter: string): TargetVolume => ({
    ...{ name, role, number, device: deviceName(device, { number, letter }) },
    startBytes: number * 1024 ** 2,
    bytes,
    fileSystem: letter === '' ? 'none' : 'ntfs',
  });
  const uefi = firmware === 'uefi';
  const system: TargetVolume = { ...volume(1, 'System', 'system', 'S'), ...(uefi && { fileSystem: 'fat32' }) };
  const windows = volume(uefi ? 3 : 2, 'Windows', 'primary', 'C');
  const volumes = uefi ? [system, volume(2, 'MSR', 'msr', ''), windows] : [system, windows];
  const style = uefi ? 'gpt' : 'mbr';
  return { device, style, identity: NO_IDENTITY[style], volumes, windows };
}
