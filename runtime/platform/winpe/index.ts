import { join, win32 as windowsPath } from 'node:path';
import type { WinpeStart } from '../../contract/winpe-start.ts';
import { WINPE_FOLDER } from '../../contract/winpe-start.ts';
import type { KeptMedium } from '../kept-medium.ts';
import { manifestIdAt } from '../manifest-id.ts';
import { disksOf } from '../medium-disks.ts';
import { MOUNTED_FILES } from '../mounted-files.ts';
import type { MediumFiles, MountedMedium, Platform } from '../platform.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { win32Facts } from '../win32/facts.ts';
import { activateBoot, prepareBoot } from './boot.ts';
import { captureImages } from './capture.ts';
import { clearVolume, surveyVolume } from './clear-volume.ts';
import { systemProgram, wpeutilArgv } from './command-lines.ts';
import { findContentFolder } from './content-folder.ts';
import { sameDisk } from './devices.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { addDrivers, applyImage, extractImage, setLayeredDriver } from './image.ts';
import { freeSpace, installedWindows } from './installed-windows.ts';
import { keepMedium } from './keep-medium.ts';
import { readMachine } from './machine.ts';
import { findMedium, writableMedium } from './medium.ts';
import { openNetworkMedium } from './network-medium.ts';
import { addressBeside, readNetwork, startNetwork } from './network-start.ts';
import { type HostSetup, openHost, prepareHost } from './open-host.ts';
import { partitionDisk } from './partition.ts';
import { partitionPrestaged } from './partition-prestaged.ts';
import { examineVolume, lockedVolumes, openForWriting, otherVolumes } from './place-to-write.ts';
import { deactivateBoot, presentDisks, takeOverDisk } from './present-disks.ts';
import { type PrestagedMedium, prestagedMedium, withPrestaged } from './prestaged-medium.ts';
import { removeMedium } from './remove-medium.ts';
import { arrangeRestart } from './restart.ts';
import { runTool } from './run-tool.ts';
import { connectShare, openShare } from './share.ts';
import { prepareMachine, readStart } from './start.ts';
import { mediaOf, startedMedium } from './started-medium.ts';
import { findStates, formatVolume, openState, recoverTarget } from './state.ts';
import { mountedVolume } from './volumes.ts';

/** Any code would do: what decides is the next line of winpeshl.ini, which is the recovery console. */
const EXIT_SHELL = 1;

/** WinPE as a platform: Windows' own programs, each by its full path, and native calls. */
export async function winpePlatform(setup: HostSetup): Promise<Platform> {
  const { host, letter: bootLetter, windowsFolder } = await openHost(setup);
  const { exec, systemRoot, drive } = host;
  host.startFolder = join(drive(bootLetter), WINPE_FOLDER);
  let read: WinpeStart | undefined;
  const start = (): WinpeStart => {
    read ??= readStart(host.startFolder);
    return read;
  };
  const ownLetters = new Set([bootLetter]);
  let kept: KeptMedium | undefined;
  let prestaged: MountedMedium | undefined;
  const ownDisk = async (): Promise<PrestagedMedium | undefined> => prestaged && prestagedMedium(host, prestaged);
  let goesOn = false;
  const files = (): MediumFiles => kept ?? MOUNTED_FILES;
  return {
    name: 'winpe',
    prepare: async (log) => {
      host.log = log;
      await prepareHost(host);
      await prepareMachine(host, start());
    },
    bootOptions: async (signal) => {
      const { bootImage } = start();
      const url = readNetwork(join(windowsFolder, 'System32'))?.url ?? (await addressOfStaged(host, bootImage));
      if (url === undefined)
        return { mediumId: await startedMedium(host, bootImage, { signal }), sequenceId: undefined };
      await startNetwork(host);
      kept = await openNetworkMedium(host, { url, id: undefined, bootImage, signal });
      return { mediumId: (await manifestIdAt(kept.mounted.root)) ?? '', sequenceId: undefined };
    },
    trustedKey: async () => start().publicKey,
    findMedium: async (id) => {
      // From the network it is open by now.
      if (kept !== undefined) return kept.mounted;
      const medium = await findMedium(host, id);
      ownLetters.add(medium.device.charAt(0));
      // A prestaged one is there until the end.
      kept = medium.prestaged === true ? undefined : await keepMedium(host, medium);
      prestaged = medium.prestaged === true ? medium : undefined;
      return kept?.mounted ?? medium;
    },
    inventory: async (medium) => withPrestaged(await readMachine(host, disksOf(medium)), await ownDisk()),
    openContent: async (place, { password, signal }) => {
      if (place.kind === 'folder') {
        const content = await findContentFolder(host, place, { signal });
        ownLetters.add(content.device.charAt(0));
        return content;
      }
      await startNetwork(host);
      if (place.kind === 'share') return openShare(host, place, { password, signal });
      kept = await openNetworkMedium(host, { url: place.url.href, id: undefined, signal });
      return kept.mounted;
    },
    writableMedium: async (medium) => {
      const there = medium.root === kept?.mounted.root ? await kept.find(medium) : medium;
      return there === undefined ? undefined : writableMedium(there);
    },
    filesToVerify: (listed, needed) => files().filesToVerify(listed, needed),
    readMediumFile: (medium, path, signal) => files().readMediumFile(medium, path, signal),
    mediumFile: (medium, path, task) => files().mediumFile(medium, path, task),
    keepFiles: (medium, list, task) => files().keepFiles(medium, list, task),
    askForDiscs: (ask) => files().askForDiscs(ask),
    missingDiscs: (medium, discs) => files().missingDiscs(medium, discs),
    partitionDisk: async (disk, table, claim, task) => {
      await kept?.letGo(disk);
      const owned = { ...task, ownLetters: [...ownLetters] };
      const medium = disk.prestagedBytes === undefined ? undefined : await ownDisk();
      if (medium !== undefined && sameDisk(medium.disk, disk.device))
        return partitionPrestaged(host, disk, { table, claim, medium }, owned);
      const target = await partitionDisk(host, disk, table, claim, owned);
      kept?.useDisk(target);
      return target;
    },
    mount: async (volume) => mountedVolume(host, volume),
    formatVolume: async (_target, volume, task) => {
      await formatVolume(host, volume, task);
      kept?.forgetVolume(volume);
    },
    presentDisks: () => presentDisks(host),
    takeOverDisk: async (disk, volume) => {
      const target = await takeOverDisk(host, disk, volume);
      kept?.useDisk({ ...target, volumes: target.volumes.filter(({ number }) => number === target.replacing) });
      return target;
    },
    surveyVolume: (volume, keep) => surveyVolume(host, volume, keep),
    // DISM goes on in folders that are there.
    rootNames: async () => [],
    deactivateBoot: (target) => deactivateBoot(host, target),
    clearVolume: async (volume, keep, task) => {
      await clearVolume(host, volume, keep, task);
      kept?.forgetVolume(volume);
    },
    applyImage: (file, index, volume, task) => applyImage(host, file, index, volume, task),
    extractImage: (file, index, folder, task) => extractImage(host, file, index, folder, task),
    addDrivers: async (windows, folder, task) => {
      await addDrivers(host, windows, folder, task);
      return 'installed';
    },
    setLayeredDriver: (windows, driver, task) => setLayeredDriver(host, windows, driver, task),
    installedWindows: () => installedWindows(host),
    freeSpace: () => freeSpace(host),
    lockedVolumes: () => lockedVolumes(host),
    examineVolume: (volume) => examineVolume(host, volume),
    otherVolumes: (label) => otherVolumes(host, label),
    openForWriting: (place, signal) => openForWriting(host, place, signal),
    connectShare: (connection) => connectShare(host, connection),
    captureImages: (images, file, task) => captureImages(host, images, file, task),
    prepareBoot: (boot) => prepareBoot(host, boot),
    clearContent: async () => void (await kept?.clearDisk()),
    removeMedium: (target) => removeMedium(host, target),
    activateBoot: (boot, task) => activateBoot(host, boot, task),
    temporaryFolder: makeTemporaryFolder,
    facts: win32Facts(host.win32),
    openState: async (target, environment) => openState(host, target, environment),
    findStates: () => findStates(host),
    recoverTarget: async (before) => {
      const target = await recoverTarget(host, before);
      kept?.goOnWithDisk(target);
      return target;
    },
    arrangeRestart: async (restart) => {
      await arrangeRestart(host, restart);
      goesOn = restart.into === 'winpe';
    },
    leave: async (action) => {
      await (goesOn ? kept?.leaveDisk() : kept?.close());
      if (action === 'shell') return EXIT_SHELL;
      const failure = 'the machine could not be restarted or shut down';
      const argv = wpeutilArgv(systemRoot, action === 'restart' ? 'reboot' : 'shutdown');
      return (await tryTo(host, () => runTool(exec, { tool: 'wpeutil', argv, failure }))) ? 0 : EXIT_SHELL;
    },
    get openCommandPrompt() {
      if (read?.commandPrompt !== true) return undefined;
      const prompt = windowsPath.join(windowsPath.dirname(systemProgram(systemRoot, 'wpeutil')), 'cmd.exe');
      return async () => {
        if (!host.win32.openConsole(prompt)) host.log('warning', `${prompt} cannot be started`);
      };
    },
  };
}

/** A drive that has the medium comes first. */
async function addressOfStaged(host: WinpeHost, bootImage: string): Promise<string | undefined> {
  const address = await addressBeside(host);
  return address === undefined || (await mediaOf(host, bootImage)).length > 0 ? undefined : address;
}
