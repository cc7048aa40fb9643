import { uncPath } from '../../../contract/content-from.ts';
import type { PlatformName } from '../../../contract/step.ts';
import type { MountedVolume, Platform, TargetVolume } from '../../platform.ts';
import { refuseBios } from '../../staged-linux.ts';
import { pnputilArgv, shutdownArgv } from '../../windows/command-lines.ts';
import { addDriversArgv, applyImageArgv, setLayeredDriverArgv, wpeutilArgv } from '../../winpe/command-lines.ts';
import { deviceOf } from '../../winpe/volumes.ts';
import { commonParts, temporaryFolder } from '../common.ts';
import { simulatedFacts } from '../facts.ts';
import { type DeviceName, installedWindows, presentDisks } from '../installed-windows.ts';
import type { SimulatedWorld } from '../world.ts';
import { diskTools } from './disk.ts';
import { arrangeRestart } from './restart.ts';
import { openState } from './state.ts';

const SYSTEM_ROOTS = { winpe: 'X:\\Windows', windows: 'C:\\Windows' } as const;
/** What a machine is taken to have besides: for an image that is captured. */
const OTHER_VOLUME = 'E:\\';
const deviceName: DeviceName = (_disk, { letter }) => (letter === '' ? '' : deviceOf(letter));

/** WinPE or the installed Windows, of which only their words are there. */
export function simulatedWindows(world: SimulatedWorld, name: Exclude<PlatformName, 'linux'>): Platform {
  const { recorded, recorder, exec, volumes } = world;
  const systemRoot = SYSTEM_ROOTS[name];
  const logFile = `${systemRoot}\\Temp\\SMSTSLog\\dism.log`;
  const rootOf = (volume: TargetVolume): string => (name === 'windows' ? 'C:\\' : volume.device);
  const mounted = (volume: TargetVolume): MountedVolume => ({
    path: rootOf(volume),
    files: volumes.files(rootOf(volume)),
    [Symbol.asyncDispose]: async () => undefined,
  });
  return {
    ...commonParts(world, name),
    ...diskTools(world, systemRoot),
    name,
    mediumFile: async (medium, path) => `${medium.root}${path.replaceAll('/', '\\')}`,
    mount: async (volume) => mounted(volume),
    presentDisks: async () => presentDisks(world, deviceName),
    surveyVolume: async () => ({ others: ['Windows'], keptBytes: 0 }),
    clearVolume: async (volume, keep) => {
      recorder.write(`${rootOf(volume)}: everything is removed but ${keep.join(', ')}`);
    },
    applyImage: async (file, index, volume) => {
      const wish = { file, index, parts: undefined, folder: volume.device, scratchFolder: undefined, logFile };
      await exec(applyImageArgv(systemRoot, wish));
    },
    extractImage: async (file, index, folder) => {
      const wish = { file, index, parts: undefined, folder, scratchFolder: undefined, logFile };
      await exec(applyImageArgv(systemRoot, wish));
      for (const found of world.filesOfPackage(index)) volumes.place(folder, found);
    },
    addDrivers: async (windows, folder) => {
      const wish = { image: windows.device, folder, scratchFolder: undefined, logFile };
      await exec(name === 'windows' ? pnputilArgv(systemRoot, folder) : addDriversArgv(systemRoot, wish));
      return 'installed';
    },
    setLayeredDriver: async (windows, driver) => {
      const wish = { image: windows.device, driver, scratchFolder: undefined, logFile };
      await exec(setLayeredDriverArgv(systemRoot, wish));
    },
    prepareBoot: async () => undefined,
    installedWindows: async () => installedWindows(world, deviceName),
    freeSpace: async () => Math.max(0, ...recorded.disks.map(({ bytes }) => bytes)),
    examineVolume: async () => ({ state: 'clean', usedBytes: 0 }),
    otherVolumes: async (label = '') => [
      { device: OTHER_VOLUME, disk: 'another', label, fileSystem: 'ntfs', bytes: 0 },
    ],
    openForWriting: async (place) => {
      const path = place.kind === 'folder' ? place.path : place.kind === 'volume' ? OTHER_VOLUME : uncPath(place.share);
      return {
        path,
        files: volumes.files(path),
        freeBytes: Number.POSITIVE_INFINITY,
        reread: async () => undefined,
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    connectShare: async ({ path, driveLetter, account }) => {
      const as = account === undefined ? '' : `, by the account ${account}`;
      const drive = driveLetter === undefined ? '' : `${driveLetter.charAt(0).toUpperCase()}: `;
      recorder.write(`${drive}${path}: is connected${as}`);
    },
    captureImages: async (images, file) => {
      for (const { name: imageName } of images) recorder.write(`${file}: ${imageName}`);
    },
    temporaryFolder: async () => {
      const folder = `${systemRoot}\\Temp\\step`;
      return temporaryFolder(folder, (file) => `${folder}\\${file}`, recorder);
    },
    facts: simulatedFacts(recorded.system),
    openState: async (target, environment) => openState(world, name, target, environment),
    refuseRestart: async ({ into, medium }) => {
      if (name === 'windows' && into === 'winpe' && medium.manifest.bootEnvironment === 'linux')
        refuseBios(recorded.firmware);
    },
    arrangeRestart: (restart) => arrangeRestart(world, { name, systemRoot }, restart),
    leave: async (action) => {
      if (action === 'shell') return 0;
      const leaves =
        name === 'windows'
          ? shutdownArgv(systemRoot, action)
          : wpeutilArgv(systemRoot, action === 'restart' ? 'reboot' : 'shutdown');
      return exec(leaves).then(
        () => 0,
        () => 1,
      );
    },
  };
}
