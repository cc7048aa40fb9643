import { Readable } from 'node:stream';
import { uncPath } from '../../contract/content-from.ts';
import type { Machine } from '../../contract/machine.ts';
import type { RecordedMachine } from '../../contract/recorded-machine.ts';
import type { PlatformName } from '../../contract/step.ts';
import type { Exec } from '../../host/exec.ts';
import type {
  DiskStart,
  MountedVolume,
  Platform,
  StateStore,
  TargetDisk,
  TargetVolume,
  TemporaryFolder,
} from '../platform.ts';
import { pnputilArgv } from '../windows/command-lines.ts';
import {
  addDriversArgv,
  applyImageArgv,
  bcdbootArgv,
  diskpartArgv,
  firmwareOrderArgv,
} from '../winpe/command-lines.ts';
import { activeScript, cleanScript, diskNumber, formatScript, partitionScript } from '../winpe/diskpart.ts';
import { chooseLetters } from '../winpe/letters.ts';
import { deviceOf, letterOf } from '../winpe/volumes.ts';
import { simulatedFacts } from './facts.ts';
import type { Recorder } from './recorder.ts';
import type { SimulatedVolumes } from './volumes.ts';

/** What outlives a simulated restart. */
export type SimulatedWorld = {
  recorded: RecordedMachine;
  recorder: Recorder;
  exec: Exec;
  volumes: SimulatedVolumes;
};

const SYSTEM_ROOTS: Record<PlatformName, string> = {
  winpe: 'X:\\Windows',
  linux: 'X:\\Windows',
  windows: 'C:\\Windows',
};
const MEDIUM_DRIVE = 'D:';
/** What a machine is taken to have besides: for an image that is captured. */
const OTHER_VOLUME = 'E:\\';
/** Identities are drawn anew in every run; a simulation says the same each time. */
const NO_IDENTITY = { gpt: '00000000-0000-0000-0000-000000000000', mbr: '00000000' } as const;

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
    inventory: async () => machineOf(recorded, name),
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
      const list = table.partitions.map(({ active: _, ...partition }, index): TargetVolume => {
        const letter = letters[index];
        return { ...partition, number: index + 1, device: letter === undefined ? '' : deviceOf(letter) };
      });
      return { device: disk.device, style: table.style, identity: table.identity, volumes: list };
    },
    mount: async (volume) => mounted(volume),
    formatVolume: (_target, volume) => diskpart(formatScript(letterOf(volume), volume)),
    presentDisks: async () => [withOtherVolume(theInstalledWindows(recorded))],
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
    },
    addDrivers: async (windows, folder) => {
      if (name === 'linux') return 'staged';
      const wish = { image: windows.device, folder, scratchFolder: undefined, logFile };
      await exec(name === 'windows' ? pnputilArgv(systemRoot, folder) : addDriversArgv(systemRoot, wish));
      return 'installed';
    },
    prepareBoot: async () => undefined,
    activateBoot: async (start) => activate(start),
    writableMedium: async () => undefined,
    installedWindows: async () => [theInstalledWindows(recorded)],
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
    captureImages: async (images, file) => {
      for (const { name: imageName } of images) recorder.write(`${file}: ${imageName}`);
    },
    temporaryFolder: async () => temporaryFolder(systemRoot, recorder),
    facts: simulatedFacts(recorded.system),
    openState: async () => forgetfulState(),
    findStates: async () => [],
    recoverTarget: async (target) => target,
    arrangeRestart: async () => undefined,
    leave: async () => 0,
    openCommandPrompt: undefined,
  };

  async function activate({ target, windows, locale }: DiskStart): Promise<void> {
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

/** The recorded machine as it shows itself there: a boot environment has no Windows of its own. */
function machineOf(recorded: RecordedMachine, name: PlatformName): Machine {
  const { environment, system: _, programs: __, deployed, operatingSystem, ...machine } = recorded;
  if (name !== 'windows') return machine;
  return { ...machine, operatingSystem: (environment === 'windows' ? operatingSystem : undefined) ?? deployed };
}

/** A disk recorded on Linux has a number too: the order in which disks stand. */
function diskNumberOf(device: string): number {
  return /PhysicalDrive\d+$/i.test(device) ? diskNumber({ device }) : 0;
}

const EMPTY_ANSWER_FILE = '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>';

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

function withOtherVolume({ windows: _, ...disk }: TargetDisk): TargetDisk {
  const [last] = disk.volumes.slice(-1);
  if (last === undefined) return disk;
  const other: TargetVolume = { ...last, name: 'Data', device: OTHER_VOLUME, number: last.number + 1 };
  return { ...disk, volumes: [...disk.volumes, other] };
}

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

/** The journal of a simulation lives in memory: restarts are only played. */
function forgetfulState(): StateStore {
  return {
    place: 'memory',
    read: async () => Buffer.alloc(0),
    append: async () => undefined,
    replace: async () => undefined,
    remove: async () => undefined,
    close: async () => undefined,
  };
}
