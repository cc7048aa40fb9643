import type { Disk } from '../../../contract/machine.ts';
import { type PartitionTable, windowsNumbers } from '../../partition-table.ts';
import type { DiskStart, Platform, TargetDisk, TargetVolume } from '../../platform.ts';
import { bcdbootArgv, diskpartArgv, firmwareOrderArgv } from '../../winpe/command-lines.ts';
import { activeScript, cleanScript, diskNumber, formatScript, partitionScript } from '../../winpe/diskpart.ts';
import { chooseLetters } from '../../winpe/letters.ts';
import { deviceOf, letterOf } from '../../winpe/volumes.ts';
import { withoutIdentity } from '../installed-windows.ts';
import type { SimulatedWorld } from '../world.ts';

type DiskTools = Pick<Platform, 'partitionDisk' | 'formatVolume' | 'deactivateBoot' | 'activateBoot'>;

/** What WinPE does to a disk, by diskpart, bcdboot and bcdedit. */
export function diskTools(world: SimulatedWorld, systemRoot: string): DiskTools {
  const { recorder, exec, volumes } = world;
  const diskpart = async (script: string): Promise<void> => {
    const file = `${systemRoot}\\Temp\\diskpart.txt`;
    for (const line of script.trim().split('\r\n')) recorder.write(`${file}: ${line}`);
    await exec(diskpartArgv(systemRoot, file));
  };
  return {
    partitionDisk: async (disk, table) => {
      const known = withoutIdentity(table);
      const letters = chooseLetters(table.partitions, ['D', 'X']);
      await diskpart(cleanScript(diskNumberOf(disk), known));
      await diskpart(partitionScript(diskNumberOf(disk), known, letters));
      for (const letter of letters) if (letter !== undefined) volumes.format(deviceOf(letter));
      return targetOf(disk, table, letters);
    },
    formatVolume: (_target, volume) => diskpart(formatScript(letterOf(volume), volume)),
    deactivateBoot: async ({ device }) => recorder.write(`${device}: starts nothing from here on`),
    activateBoot: async ({ target, windows, locale }: DiskStart) => {
      world.deployed = true;
      const system = target.volumes.find(({ role }) => role === 'system');
      if (system === undefined) return;
      const firmware = target.style === 'gpt' ? 'UEFI' : 'BIOS';
      const systemLetter = letterOf(system);
      await exec(
        bcdbootArgv(systemRoot, { windows: windows.device, systemLetter, firmware, locale, signedBy2023: false }),
      );
      if (firmware === 'UEFI') await exec(firmwareOrderArgv(systemRoot));
      else await diskpart(activeScript(diskNumberOf(target), system.number));
    },
  };
}

function targetOf({ device }: Disk, table: PartitionTable, letters: readonly (string | undefined)[]): TargetDisk {
  const { style, identity, partitions } = table;
  const numbers = windowsNumbers(table);
  const volumes = partitions.map(({ active: _, logical: __, ...partition }, index): TargetVolume => {
    const letter = letters[index];
    return {
      ...partition,
      number: numbers[index] ?? index + 1,
      device: letter === undefined ? '' : deviceOf(letter),
    };
  });
  return { device, style, identity, volumes };
}

/** A disk recorded on Linux has a number too: the order in which disks stand. */
function diskNumberOf({ device }: Pick<Disk, 'device'>): number {
  return /PhysicalDrive\d+$/i.test(device) ? diskNumber({ device }) : 0;
}
