import type { Machine } from '../../contract/machine.ts';
import type { RecordedMachine } from '../../contract/recorded-machine.ts';
import type { PlatformName } from '../../contract/step.ts';
import type { TargetDisk, TargetVolume } from '../platform.ts';
import { deviceOf } from '../winpe/volumes.ts';
import type { SimulatedWorld } from './world.ts';

/** What a machine is taken to have besides: for an image that is captured. */
export const OTHER_VOLUME = 'E:\\';
/** Identities are drawn anew in every run; a simulation says the same each time. */
export const NO_IDENTITY = { gpt: '00000000-0000-0000-0000-000000000000', mbr: '00000000' } as const;

type Seen = Pick<SimulatedWorld, 'recorded' | 'deployed'>;

/** The recorded machine as it shows itself there: a boot environment has no Windows of its own. */
export function machineOf({ recorded, deployed: isDeployed }: Seen, name: PlatformName): Machine {
  const { environment: _, system: __, programs: ___, packages: ____, deployed, operatingSystem, ...machine } = recorded;
  if (name !== 'windows') return machine;
  return { ...machine, operatingSystem: isDeployed ? deployed : (operatingSystem ?? deployed) };
}

/** The disk with Windows, unless the machine came without one and none was set up. */
export function installedWindows({ recorded, deployed }: Seen): TargetDisk[] {
  return recorded.disks[0]?.empty === true && !deployed ? [] : [theInstalledWindows(recorded)];
}

/** The same disk as any system sees it, with a volume for files besides. */
export function presentDisks(seen: Seen): TargetDisk[] {
  return installedWindows(seen).map(({ windows: _, ...disk }) => {
    const [last] = disk.volumes.slice(-1);
    if (last === undefined) return disk;
    const other: TargetVolume = { ...last, name: 'Data', device: OTHER_VOLUME, number: last.number + 1 };
    return { ...disk, volumes: [...disk.volumes, other] };
  });
}

/** The Windows a recorded machine has on its first disk, where Windows' own setup puts it. */
function theInstalledWindows({ disks, firmware }: RecordedMachine): TargetDisk {
  const volume = (number: number, name: string, role: TargetVolume['role'], letter: string): TargetVolume => ({
    ...{ name, role, number, device: letter === '' ? '' : deviceOf(letter) },
    startBytes: number * 1024 ** 2,
    bytes: disks[0]?.bytes ?? 0,
    fileSystem: letter === '' ? 'none' : 'ntfs',
  });
  const uefi = firmware === 'uefi';
  const system: TargetVolume = { ...volume(1, 'System', 'system', 'S'), ...(uefi && { fileSystem: 'fat32' }) };
  const windows = volume(uefi ? 3 : 2, 'Windows', 'primary', 'C');
  const volumes = uefi ? [system, volume(2, 'MSR', 'msr', ''), windows] : [system, windows];
  const style = uefi ? 'gpt' : 'mbr';
  return { device: disks[0]?.device ?? '', style, identity: NO_IDENTITY[style], volumes, windows };
}
