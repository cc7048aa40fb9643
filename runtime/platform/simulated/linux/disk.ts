import { systemVolume } from '../../boot-files.ts';
import { formatArgv, partitionArgv, sfdiskScript, volumesOf } from '../../linux/partition.ts';
import type { Platform, TargetDisk } from '../../platform.ts';
import { WINDOWS_LOADER } from '../../windows-loaders.ts';
import { withoutIdentity } from '../installed-windows.ts';
import type { SimulatedWorld } from '../world.ts';
import { mountFolder, mountVolume } from './mount.ts';

type DiskTools = Pick<Platform, 'partitionDisk' | 'formatVolume' | 'deactivateBoot'>;

/** What the Linux boot environment does to a disk, by sfdisk and the programs that make file systems. */
export function diskTools(world: SimulatedWorld): DiskTools {
  const { recorded, recorder, exec, volumes } = world;
  return {
    partitionDisk: async (disk, table) => {
      recorder.write(`${disk.device}: is claimed for this medium`);
      recorder.write(`${disk.device}: both ends are wiped`);
      const script = sfdiskScript(withoutIdentity(table), disk.sectorBytes).split('\n');
      for (const line of script) if (line !== '') recorder.write(`input of sfdisk: ${line}`);
      await exec(partitionArgv(disk.device));
      const target: TargetDisk = {
        device: disk.device,
        style: table.style,
        identity: table.identity,
        volumes: volumesOf(disk.device, table),
      };
      for (const volume of target.volumes) {
        const argv = formatArgv(volume, disk.sectorBytes);
        if (argv !== undefined) await exec(argv);
        volumes.format(`${mountFolder(volume.device)}/`);
      }
      return target;
    },
    formatVolume: async (target, { fullFormat: _, ...volume }) => {
      const disk = recorded.disks.find(({ device }) => device === target.device);
      const argv = formatArgv(volume, disk?.sectorBytes ?? 512);
      if (argv !== undefined) await exec(argv);
      volumes.format(`${mountFolder(volume.device)}/`);
    },
    deactivateBoot: async (target) => {
      if (target.style === 'mbr') return recorder.write(`${target.device}: no volume is active from here on`);
      await using mounted = await mountVolume(world, systemVolume(target), 'write');
      recorder.write(`${mounted.path}/${WINDOWS_LOADER}: is removed`);
      recorder.write(`${mounted.path}/EFI/Boot: Windows' own loaders are removed`);
    },
  };
}
