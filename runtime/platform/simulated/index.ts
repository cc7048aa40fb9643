import { Readable } from 'node:stream';
import { uncPath } from '../../contract/content-from.ts';
import type { PlatformName } from '../../contract/step.ts';
import { windowsNumbers } from '../partition-table.ts';
import type { DiskStart, MountedVolume, Platform, TargetVolume, TemporaryFolder } from '../platform.ts';
import { pnputilArgv, shutdownArgv } from '../windows/command-lines.ts';
import {
  addDriversArgv,
  applyImageArgv,
  bcdbootArgv,
  diskpartArgv,
  firmwareOrderArgv,
  setLayeredDriverArgv,
  wpeutilArgv,
} from '../winpe/command-lines.ts';
import { activeScript, cleanScript, diskNumber, formatScript, partitionScript } from '../winpe/diskpart.ts';
import { chooseLetters } from '../winpe/letters.ts';
import { deviceOf, letterOf } from '../winpe/volumes.ts';
import { simulatedFacts } from './facts.ts';
import { installedWindows, machineOf, NO_IDENTITY, OTHER_VOLUME, presentDisks } from './installed-windows.ts';
import type { Recorder } from './recorder.ts';
import { arrangeRestart, openState } from './restart.ts';
import type { SimulatedWorld } from './world.ts';

const SYSTEM_ROOTS: Record<PlatformName, string> = {
  winpe: 'X:\\Windows',
  linux: 'X:\\Windows',
  windows: 'C:\\Windows',
};
const MEDIUM_DRIVE = 'D:';

/**
 * A platform on which nothing happens: it carries the name of what it stands for, its command lines are that platform's,
 * made by the same builders, and everything is noted. The Linux boot environment is shown in WinPE's words.
 */
export function simulatedPlatform(world: SimulatedWorld, name: PlatformName): Platform {
  const { recorded, recorder, exec, volumes } = world;
  const systemRoot = SYSTEM_ROOTS[name];
  const logFile = `${systemRoot}\\Temp\\SMSTSLog\\dism.log`;
  const rootOf = (volume: TargetVolume): string => (name === 'windows' ? 'C:\\' : volume.device);
  const mounted = (volume: TargetVolume): MountedVolume => ({
    path: rootOf(volume),
    files: volumes.files(rootOf(volume)),
    [Symbol.asyncDispose]: async () => undefined,
  });
  const diskpart = async (script: string): Promise<void> => {
    const file = `${systemRoot}\\Temp\\diskpart.txt`;
    for (const line of script.trim().split('\r\n')) recorder.write(`${file}: ${line}`);
    await exec(diskpartArgv(systemRoot, file));
  };
  return {
    name,
    prepare: async () => undefined,
    bootOptions: async () => ({ mediumId: '', sequenceId: undefined }),
    trustedKey: async () => undefined,
    findMedium: async () => ({ root: `${MEDIUM_DRIVE}\\`, device: MEDIUM_DRIVE, disk: '', launchMode: 'UFD' }),
    openContent: async () => ({ root: `${MEDIUM_DRIVE}\\`, device: MEDIUM_DRIVE, disk: '', launchMode: 'UFD' }),
    inventory: async () => machineOf(world, name),
    filesToVerify: () => [],
    readMediumFile: () => Readable.from([]),
    mediumFile: async (_medium, path) => `${MEDIUM_DRIVE}\\${path.replaceAll('/', '\\')}`,
    keepFiles: async () => undefined,
    askForDiscs: () => undefined,
    missingDiscs: async () => [],
    clearContent: async () => undefined,
    removeMedium: async () => undefined,
    partitionDisk: async (disk, table) => {
      const known = { ...table, identity: NO_IDENTITY[table.style] };
      const number = diskNumberOf(disk.device);
      const letters = chooseLetters(table.partitions, ['D', 'X']);
      await diskpart(cleanScript(number, known));
      await diskpart(partitionScript(number, known, letters));
      for (const letter of letters) if (letter !== undefined) volumes.format(deviceOf(letter));
      const numbers = windowsNumbers(table);
      const list = table.partitions.map(({ active: _, logical: __, ...partition }, index): TargetVolume => {
        const letter = letters[index];
        return {
          ...partition,
          number: numbers[index] ?? index + 1,
          device: letter === undefined ? '' : deviceOf(letter),
        };
      });
      return { device: disk.device, style: table.style, identity: table.identity, volumes: list };
    },
    mount: async (volume) => mounted(volume),
    formatVolume: (_target, volume) => diskpart(formatScript(letterOf(volume), volume)),
    presentDisks: async () => presentDisks(world),
    takeOverDisk: async (disk, volume) => ({ ...disk, replacing: volume.number }),
    surveyVolume: async () => ({ others: ['Windows'], keptBytes: 0 }),
    rootNames: async () => [],
    deactivateBoot: async ({ device }) => recorder.write(`${device}: starts nothing from here on`),
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
      for (const found of world.filesOfPackage(index)) volumes.place(`${folder}\\${found}`);
    },
    addDrivers: async (windows, folder) => {
      if (name === 'linux') return 'staged';
      const wish = { image: windows.device, folder, scratchFolder: undefined, logFile };
      await exec(name === 'windows' ? pnputilArgv(systemRoot, folder) : addDriversArgv(systemRoot, wish));
      return 'installed';
    },
    setLayeredDriver: async (windows, driver) => {
      const wish = { image: windows.device, driver, scratchFolder: undefined, logFile };
      await exec(setLayeredDriverArgv(systemRoot, wish));
    },
    prepareBoot: async () => undefined,
    activateBoot: async (start) => activate(start),
    writableMedium: async () => undefined,
    installedWindows: async () => installedWindows(world),
    freeSpace: async () => Math.max(0, ...recorded.disks.map(({ bytes }) => bytes)),
    lockedVolumes: async () => [],
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
      recorder.write(
        `${driveLetter === undefined ? '' : `${driveLetter.charAt(0).toUpperCase()}: `}${path}: is connected${as}`,
      );
    },
    captureImages: async (images, file) => {
      for (const { name: imageName } of images) recorder.write(`${file}: ${imageName}`);
    },
    temporaryFolder: async () => temporaryFolder(systemRoot, recorder),
    facts: simulatedFacts(recorded.system),
    openState: async (target, environment) => openState(world, name, target, environment),
    findStates: async () => [],
    recoverTarget: async (target) => target,
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
    openCommandPrompt: undefined,
  };

  async function activate({ target, windows, locale }: DiskStart): Promise<void> {
    world.deployed = true;
    const system = target.volumes.find(({ role }) => role === 'system');
    if (system === undefined) return;
    const firmware = target.style === 'gpt' ? 'UEFI' : 'BIOS';
    const wish = {
      windows: windows.device,
      systemLetter: letterOf(system),
      firmware,
      locale,
      signedBy2023: false,
    } as const;
    await exec(bcdbootArgv(systemRoot, wish));
    if (firmware === 'UEFI') await exec(firmwareOrderArgv(systemRoot));
    else await diskpart(activeScript(diskNumberOf(target.device), system.number));
  }
}

/** A disk recorded on Linux has a number too: the order in which disks stand. */
function diskNumberOf(device: string): number {
  return /PhysicalDrive\d+$/i.test(device) ? diskNumber({ device }) : 0;
}

const EMPTY_ANSWER_FILE = '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>';

function temporaryFolder(systemRoot: string, recorder: Recorder): TemporaryFolder {
  const path = `${systemRoot}\\Temp\\step`;
  return {
    path,
    write: async (name) => {
      recorder.write(`${path}\\${name}`);
      return `${path}\\${name}`;
    },
    // What a package holds is not known; of an answer file the least is taken.
    read: async (file) => (/\.xml$/i.test(file) ? Buffer.from(EMPTY_ANSWER_FILE) : undefined),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
