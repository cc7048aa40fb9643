import { posix } from 'node:path';
import { linuxFacts } from '../../linux/facts.ts';
import { HIVE } from '../../linux/layered-driver.ts';
import { syncArgv } from '../../linux/mount.ts';
import type { Platform, TargetDisk } from '../../platform.ts';
import { commonParts, temporaryFolder } from '../common.ts';
import { installedWindows } from '../installed-windows.ts';
import type { SimulatedWorld } from '../world.ts';
import { bootTools } from './boot.ts';
import { diskTools } from './disk.ts';
import { mountVolume, TEMPORARY } from './mount.ts';
import { deviceName, places } from './places.ts';
import { removeStaged, startAgain } from './restart.ts';
import { OpenStates } from './state.ts';

/** The Linux boot environment, of which only its words are there. What libwim does runs no program, and is said so. */
export function simulatedLinux(world: SimulatedWorld): Platform {
  const { recorder, exec, volumes } = world;
  const states = new OpenStates(world);
  const tools = diskTools(world);
  let laidOut: TargetDisk | undefined;
  let comesBack = false;
  return {
    ...commonParts(world, 'linux'),
    ...tools,
    ...bootTools(world),
    ...places(world),
    name: 'linux',
    mediumFile: async (medium, path) => posix.join(medium.root, path),
    partitionDisk: async (...given) => {
      await states.close();
      laidOut = await tools.partitionDisk(...given);
      if (world.staged !== undefined) world.staged = 'erased';
      return laidOut;
    },
    mount: (volume, access) => mountVolume(world, volume, access),
    clearVolume: async (volume, keep) => {
      await states.close(volume.device);
      await using mounted = await mountVolume(world, volume, 'write');
      recorder.write(`${mounted.path}: everything is removed but ${keep.join(', ')}`);
    },
    applyImage: async (file, index, volume) => {
      recorder.act(`${volume.device}: image ${index} of ${file}, applied by libwim`);
      await exec(syncArgv());
    },
    extractImage: async (file, index, folder) => {
      recorder.act(`${folder}: image ${index} of ${file}, unpacked by libwim`);
      for (const found of world.filesOfPackage(index)) volumes.place(folder, found);
    },
    addDrivers: async () => 'staged',
    setLayeredDriver: async (windows) => {
      await using mounted = await mountVolume(world, windows, 'write');
      await mounted.files.write(HIVE, '');
    },
    connectShare: async ({ path }) => {
      throw new Error(`${path}: Linux connects no drives`);
    },
    temporaryFolder: async () => {
      const folder = `${TEMPORARY}/step`;
      return temporaryFolder(folder, (file) => `${folder}/${file}`, recorder);
    },
    facts: linuxFacts(),
    openState: (target, environment) => states.open(target, environment),
    arrangeRestart: async ({ into }) => {
      comesBack = into === 'winpe';
      if (comesBack) startAgain(world);
    },
    leave: async (action) => {
      if (world.staged !== undefined && !comesBack)
        await removeStaged(world, laidOut === undefined ? installedWindows(world, deviceName) : [laidOut]);
      if (action === 'shell') return 0;
      recorder.write(`the boot environment: ${action === 'restart' ? 'restarts' : 'shuts down'} the machine`);
      return 0;
    },
  };
}
