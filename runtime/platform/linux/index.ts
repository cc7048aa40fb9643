import type { Exec } from '../../host/exec.ts';
import { TRUSTED_KEY_FILE } from '../../seal/trusted-key.ts';
import { WimFile } from '../../wim/wim-file.ts';
import type { KeptMedium } from '../kept-medium.ts';
import { disksOf } from '../medium-disks.ts';
import { MOUNTED_FILES } from '../mounted-files.ts';
import type { MediumFiles, MountedVolume, Platform, StateStore, TargetVolume } from '../platform.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { activateBoot, prepareBoot } from './boot.ts';
import { isStaged, parseBootOptions, parseMediumUrl } from './boot-options.ts';
import { captureImages } from './capture.ts';
import { clearVolume, rootNames, surveyVolume } from './clear-volume.ts';
import { mountContent } from './content.ts';
import { clearContent } from './content-place.ts';
import { linuxFacts } from './facts.ts';
import { freeSpace, installedWindows } from './installed-windows.ts';
import { keepMedium, mountedMedium } from './keep-medium.ts';
import { setLayeredDriver } from './layered-driver.ts';
import { type Roots, readMachine } from './machine.ts';
import { findMedium } from './medium.ts';
import { mountVolume, syncArgv } from './mount.ts';
import { mountNetworkMedium } from './network-medium.ts';
import { formatVolume, partitionDisk } from './partition.ts';
import { partitionAround } from './partition-around.ts';
import { examineVolume, lockedVolumes, openForWriting, otherVolumes } from './place-to-write.ts';
import { deactivateBoot, presentDisks, takeOverDisk } from './present-disks.ts';
import { type PrestagedMedium, prestagedMedium, withPrestaged } from './prestaged-medium.ts';
import { removeMedium } from './remove-medium.ts';
import { arrangeRestart } from './restart.ts';
import { removeStagedBoot } from './staged-boot.ts';
import { findStates, openState, recoverTarget, stateVolume } from './state.ts';
import { readAttribute } from './sysfs.ts';
import { readTrustedKey } from './trusted-key.ts';
import { writableMedium } from './writable-medium.ts';

export type LinuxSetup = {
  exec: Exec;
  /** The folder that holds GRUB's boot.img and core.img for disks that BIOS starts. */
  bootCodeFolder: string;
  /** The key of those who sign the medium; another in tests. */
  keyFile?: string;
  /** Where the kernel shows itself; other folders in tests. */
  roots?: Roots;
};

/** What the boot environment's init does next (templates/linux/init). */
const EXIT_CODES = { restart: 0, shutdown: 10, shell: 20 } as const;

/** The Linux boot environment as a platform. */
export function linuxPlatform({
  exec,
  bootCodeFolder,
  keyFile = `/${TRUSTED_KEY_FILE}`,
  roots = { sys: '/sys', proc: '/proc', dev: '/dev' },
}: LinuxSetup): Platform {
  const commandLine = () => readAttribute(roots.proc, 'cmdline');
  let log: Parameters<Platform['prepare']>[0] = () => undefined;
  const warn = (message: string) => log('warning', message);
  const states = new Map<string, StateStore>();
  const kept = (state: StateStore): StateStore => {
    const close = async (): Promise<void> => {
      states.delete(state.place);
      await state.close();
    };
    states.set(state.place, { ...state, close });
    return states.get(state.place) ?? state;
  };
  let medium: KeptMedium | undefined;
  let comesBack = false;
  let prestaged: PrestagedMedium | undefined;
  const files = (): MediumFiles => medium ?? MOUNTED_FILES;
  return {
    name: 'linux',
    filesToVerify: (listed, needed) => files().filesToVerify(listed, needed),
    readMediumFile: (from, path, signal) => files().readMediumFile(from, path, signal),
    mediumFile: (from, path, task) => files().mediumFile(from, path, task),
    keepFiles: (from, kept, task) => files().keepFiles(from, kept, task),
    askForDiscs: (ask) => files().askForDiscs(ask),
    missingDiscs: (from, discs) => files().missingDiscs(from, discs),
    // The environment's init has loaded everything by now.
    prepare: async (given) => {
      log = given;
    },
    bootOptions: async () => parseBootOptions(await commandLine()),
    trustedKey: async () => readTrustedKey(keyFile, await commandLine()),
    findMedium: async (id, signal) => {
      const url = parseMediumUrl(await commandLine());
      if (url !== undefined) return mountNetworkMedium({ exec, sys: roots.sys, url, id, log: warn, signal });
      const found = await findMedium(exec, roots.sys, roots.dev, id, signal);
      prestaged = await prestagedMedium(found, id, { exec, ...roots });
      if (prestaged !== undefined) return { ...mountedMedium(prestaged.found), launchMode: 'HD', prestaged: true };
      medium = await keepMedium(found, { exec, ...roots, log: (level, message) => log(level, message) });
      return medium?.mounted ?? mountedMedium(found);
    },
    openContent: (place, access) => mountContent(place, { ...access, exec, ...roots, log: warn }),
    inventory: async (from) => {
      const machine = await readMachine(roots, disksOf(from));
      return prestaged === undefined ? machine : withPrestaged(machine, prestaged, roots.sys);
    },
    writableMedium: async (from) => {
      const there = from.root === medium?.mounted.root ? await medium.find(from) : from;
      return there === undefined ? undefined : writableMedium(exec, roots.sys, there);
    },
    partitionDisk: async (disk, table, claim, task) => {
      // A state of ours on this disk keeps a volume of it mounted.
      for (const state of states.values()) await state.close();
      await medium?.letGo(disk);
      if (prestaged?.disk === disk.device) {
        const onPlaced = (placed: PrestagedMedium): void => {
          prestaged = placed;
        };
        return partitionAround(exec, roots, prestaged, { disk, table, claim, onPlaced }, task);
      }
      const target = await partitionDisk(exec, roots, disk, table, claim, task);
      medium?.useDisk(target);
      return target;
    },
    mount: (volume, access) => mount(exec, volume, access),
    formatVolume: (target, volume, task) => formatVolume(exec, roots.sys, target, volume, task),
    presentDisks: () => presentDisks(exec, roots),
    takeOverDisk: (disk, volume) => takeOverDisk(exec, disk, volume),
    surveyVolume: (volume, keep) => surveyVolume(exec, volume, keep),
    rootNames,
    deactivateBoot: (target) => deactivateBoot(exec, target),
    clearVolume: async (volume, keep, task) => {
      // A state of ours keeps the volume mounted where it found no other place.
      await states.get(volume.device)?.close();
      await clearVolume(exec, volume, keep, task);
    },
    applyImage: async (file, index, volume, task) => {
      using wim = await WimFile.open(file);
      await wim.applyToNtfsVolume(index, volume.device, task);
      await exec(syncArgv());
    },
    extractImage: async (file, index, folder, task) => {
      using wim = await WimFile.open(file);
      await wim.applyToFolder(index, folder, task);
    },
    addDrivers: async () => 'staged',
    setLayeredDriver: async (windows, driver) => {
      await using mounted = await mount(exec, windows, 'write');
      await setLayeredDriver(mounted.files, driver);
    },
    installedWindows: () => installedWindows(exec, roots),
    freeSpace: () => freeSpace(exec, roots),
    lockedVolumes: () => lockedVolumes(roots),
    examineVolume: (volume) => examineVolume(exec, volume),
    otherVolumes: (label) => otherVolumes(exec, roots, label),
    openForWriting: (place, signal) => openForWriting(exec, place, signal),
    connectShare: async ({ path }) => {
      throw new Error(`${path}: Linux connects no drives`);
    },
    captureImages,
    prepareBoot: (start) => prepareBoot(exec, start),
    activateBoot: ({ target }) => activateBoot(exec, target, bootCodeFolder),
    temporaryFolder: makeTemporaryFolder,
    facts: linuxFacts(),
    openState: async (target, environment) => {
      const volume = stateVolume(target, environment);
      if (volume === undefined) return undefined;
      // An NTFS volume is mounted for one alone.
      return states.get(volume.device) ?? kept(await openState(exec, volume));
    },
    findStates: async () => (await findStates(exec, roots)).map(kept),
    recoverTarget: async (before) => {
      const target = await recoverTarget(roots, before);
      medium?.goOnWithDisk(target);
      return target;
    },
    clearContent: async (target) => {
      const cleared = await medium?.clearDisk();
      // A start that has not kept anything itself may end what another has begun.
      if (cleared !== true && target !== undefined) await clearContent(exec, target);
    },
    removeMedium: async (target) => {
      if (target?.mediumRoom === undefined) return;
      await prestaged?.found.mounted[Symbol.asyncDispose]();
      prestaged = undefined;
      await removeMedium(exec, roots, target);
    },
    arrangeRestart: async ({ into }) => {
      comesBack = into === 'winpe';
      await arrangeRestart(roots.sys, into, warn);
    },
    leave: async (action) => {
      await medium?.leaveDisk();
      if (!comesBack && isStaged(await commandLine())) {
        await removeStagedBoot(exec, roots).catch((error) => warn(`the boot environment stays on the disk: ${error}`));
      }
      return EXIT_CODES[action];
    },
    openCommandPrompt: undefined,
  };
}

async function mount(exec: Exec, volume: TargetVolume, access: 'read' | 'write'): Promise<MountedVolume> {
  if (volume.fileSystem === 'none') throw new Error(`${volume.name} has no file system`);
  return mountVolume(exec, volume.fileSystem, volume.device, access);
}
