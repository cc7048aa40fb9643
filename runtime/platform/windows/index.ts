import { statfs } from 'node:fs/promises';
import { win32 as windowsPath } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { disksOf } from '../medium-disks.ts';
import { MOUNTED_FILES } from '../mounted-files.ts';
import type { DriverOptions, Medium, Platform, Task } from '../platform.ts';
import { makeTemporaryFolder, removeLeftFolders } from '../temporary-folder.ts';
import { win32Facts } from '../win32/facts.ts';
import { readOperatingSystem } from '../win32/operating-system.ts';
import { tryTo, type WinpeHost } from '../winpe/host.ts';
import { addDrivers, applyImage, extractImage } from '../winpe/image.ts';
import { readMachine } from '../winpe/machine.ts';
import { writableMedium } from '../winpe/medium.ts';
import { type HostSetup, openHost, prepareHost } from '../winpe/open-host.ts';
import { openForWriting } from '../winpe/place-to-write.ts';
import { runTool } from '../winpe/run-tool.ts';
import { connectShare } from '../winpe/share.ts';
import { findStates } from '../winpe/state.ts';
import { letterOf, mountedVolume } from '../winpe/volumes.ts';
import { pnputilArgv, shutdownArgv } from './command-lines.ts';
import { runningWindows } from './installed-windows.ts';
import { filesOfMedium } from './keep-medium.ts';
import { findMedium, mediumAround } from './medium.ts';
import { openRememberedMedium } from './network-medium.ts';
import { recoverTarget } from './recover-target.ts';
import { arrangeRestart, refuseRestart } from './restart.ts';
import { windowsState } from './state.ts';

export type WindowsSetup = HostSetup & {
  /** This program; another in tests. */
  program?: string;
};

/** The installed Windows, running, as a platform. Whoever starts it has the rights of an administrator. */
export async function windowsPlatform(setup: WindowsSetup): Promise<Platform> {
  const { host, letter } = await openHost(setup);
  const { exec, systemRoot, drive } = host;
  const { program = process.execPath } = setup;
  host.startFolder = windowsPath.dirname(program);
  // One alone: its file is open while a run writes into it, and Windows replaces no file that is open.
  const state = windowsState(host, letter);
  let files = MOUNTED_FILES;
  const fetch = (medium: Medium, path: string) => files.mediumFile(medium, path, {});
  return {
    filesToVerify: (listed, needed) => files.filesToVerify(listed, needed),
    readMediumFile: (medium, path, signal) => files.readMediumFile(medium, path, signal),
    mediumFile: (medium, path, task) => files.mediumFile(medium, path, task),
    keepFiles: (medium, list, task) => files.keepFiles(medium, list, task),
    askForDiscs: (ask) => files.askForDiscs(ask),
    missingDiscs: (medium, discs) => files.missingDiscs(medium, discs),
    clearContent: async () => undefined,
    removeMedium: async () => undefined,
    name: 'windows',
    prepare: async (log) => {
      host.log = log;
      if (!host.win32.isAdministrator()) throw notAdministrator(program);
      await prepareHost(host);
      await removeLeftFolders();
    },
    bootOptions: async () => {
      const medium = await mediumAround(program);
      if (medium === undefined) throw noMedium(program);
      return { mediumId: medium.id, sequenceId: undefined };
    },
    // The program is the same on every medium.
    trustedKey: async () => undefined,
    findMedium: async (id, signal) => {
      const web = await openRememberedMedium(host, { letter, program }, id, signal);
      if (web !== undefined) {
        files = web;
        return web.mounted;
      }
      const medium = await findMedium(host, { letter, program }, id, { signal });
      files = await filesOfMedium(host, letter, medium);
      return medium;
    },
    openContent: async () => {
      throw onlyStarts(program);
    },
    writableMedium: async (medium) => writableMedium(medium),
    inventory: async (medium) => {
      const operatingSystem = readOperatingSystem(host.win32, systemRoot);
      const machine = await readMachine(host, disksOf(medium));
      return { ...machine, ...(operatingSystem !== undefined && { operatingSystem }) };
    },
    partitionDisk: () => refuse('a disk cannot be partitioned'),
    mount: async (volume) => mountedVolume(host, volume),
    formatVolume: () => refuse('a volume cannot be formatted'),
    presentDisks: async () => [],
    takeOverDisk: () => refuse('a volume cannot be replaced'),
    surveyVolume: () => refuse('a volume cannot be replaced'),
    rootNames: async () => [],
    deactivateBoot: () => refuse('a volume cannot be replaced'),
    clearVolume: () => refuse('a volume cannot be replaced'),
    applyImage: (file, index, volume, task) => applyImage(host, file, index, volume, task),
    extractImage: (file, index, folder, task) => extractImage(host, file, index, folder, task),
    addDrivers: async (windows, folder, task) => {
      if (letterOf(windows) === letter) await installDrivers(host, folder, task);
      else await addDrivers(host, windows, folder, task);
      return 'installed';
    },
    setLayeredDriver: () => refuse('the keyboard of a deployed Windows cannot be set'),
    installedWindows: async () => runningWindows(host, letter),
    freeSpace: async () => {
      const { bavail, bsize } = await statfs(drive(letter));
      return bavail * bsize;
    },
    lockedVolumes: async () => [],
    examineVolume: () => refuse('a volume cannot be captured'),
    otherVolumes: async () => [],
    openForWriting: (place, signal) =>
      place.kind === 'share' ? openForWriting(host, place, signal) : refuse('no place for an image can be opened'),
    connectShare: (connection) => connectShare(host, connection),
    captureImages: () => refuse('an image cannot be captured'),
    prepareBoot: () => refuse('the boot files of a deployed Windows cannot be prepared'),
    activateBoot: () => refuse('a deployed Windows cannot be made to start'),
    temporaryFolder: makeTemporaryFolder,
    facts: win32Facts(host.win32),
    openState: async () => state,
    findStates: async () => {
      const all = await findStates(host);
      return all.map((found) => (found.place === state.place ? state : found));
    },
    recoverTarget: (target) => recoverTarget(host, target),
    refuseRestart: (restart) => refuseRestart({ host, letter, program, fetch }, restart),
    arrangeRestart: (restart) => arrangeRestart({ host, letter, program, fetch }, restart),
    leave: async (action) => {
      if (action === 'shell') return 0;
      const failure = 'the computer could not be restarted or shut down';
      const argv = shutdownArgv(systemRoot, action);
      return (await tryTo(host, () => runTool(exec, { tool: 'shutdown', argv, failure }))) ? 0 : 1;
    },
    openCommandPrompt: undefined,
  };
}

/** Of the options there is one that pnputil has: it never takes what is not signed. */
async function installDrivers(
  { exec, systemRoot }: WinpeHost,
  folder: string,
  { signal, recurse }: Task & DriverOptions,
): Promise<void> {
  const failure = `the drivers in ${folder} could not be installed`;
  await runTool(exec, { tool: 'pnputil', argv: pnputilArgv(systemRoot, folder, recurse), failure, signal });
}

async function refuse(what: string): Promise<never> {
  throw new MediasmithError('STEP_FAILED', `${what} from the running Windows`, {
    hint: 'Let the step run in WinPE: restart into it before.',
  });
}

function notAdministrator(program: string): MediasmithError {
  return new MediasmithError('READINESS_FAILED', 'mediasmith does not run as administrator', {
    where: program,
    hint: 'Start it by "Run as administrator", or as SYSTEM.',
  });
}

function onlyStarts(program: string): MediasmithError {
  return new MediasmithError('MEDIUM_INVALID', 'this medium only starts a computer: nothing on it runs in Windows', {
    where: program,
    hint: 'Start the computer from it, or start mediasmith.exe from the medium that it names.',
  });
}

function noMedium(program: string): MediasmithError {
  return new MediasmithError('MEDIUM_NOT_FOUND', 'this program does not lie on a medium', {
    where: program,
    hint: 'Start mediasmith.exe from the medium, or from a copy of all of it.',
  });
}
