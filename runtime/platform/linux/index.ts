import type { Exec } from '../../host/exec.ts';
import { TRUSTED_KEY_FILE } from '../../seal/trusted-key.ts';
import { WimFile } from '../../wim/wim-file.ts';
import { disksOf } from '../medium-disks.ts';
import { MOUNTED_FILES } from '../mounted-files.ts';
import type { MountedVolume, Platform, StateStore, TargetVolume } from '../platform.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { activateBoot, prepareBoot } from './boot.ts';
import { parseBootOptions, parseMediumUrl } from './boot-options.ts';
import { captureImages } from './capture.ts';
import { mountContent } from './content.ts';
import { linuxFacts } from './facts.ts';
import { freeSpace, installedWindows } from './installed-windows.ts';
import { type Roots, readMachine } from './machine.ts';
import { findMedium } from './medium.ts';
import { mountVolume } from './mount.ts';
import { mountNetworkMedium } from './network-medium.ts';
import { formatVolume, partitionDisk } from './partition.ts';
import { arrangeRestart } from './restart.ts';
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
  let warn: (message: string) => void = () => undefined;
  const states = new Map<string, StateStore>();
  const kept = (state: StateStore): StateStore => {
    const close = async (): Promise<void> => {
      states.delete(state.place);
      await state.close();
    };
    states.set(state.place, { ...state, close });
    return states.get(state.place) ?? state;
  };
  return {
    ...MOUNTED_FILES,
    name: 'linux',
    // The environment's init has loaded everything by now.
    prepare: async (log) => {
      warn = (message) => log('warning', message);
    },
    bootOptions: async () => parseBootOptions(await commandLine()),
    trustedKey: async () => readTrustedKey(keyFile, await commandLine()),
    findMedium: async (id, signal) => {
      const url = parseMediumUrl(await commandLine());
      if (url !== undefined) return mountNetworkMedium({ exec, sys: roots.sys, url, id, log: warn, signal });
      const { mounted, device, disk } = await findMedium(exec, roots.sys, roots.dev, id, signal);
      return { root: mounted.path, device, disk, launchMode: /\/sr\d/.test(device) ? 'DVD' : 'UFD' };
    },
    openContent: (place, access) => mountContent(place, { ...access, exec, ...roots, log: warn }),
    inventory: (medium) => readMachine(roots, disksOf(medium)),
    writableMedium: (medium) => writableMedium(exec, roots.sys, medium),
    partitionDisk: async (disk, table, claim, task) => {
      // A state of ours on this disk keeps a volume of it mounted.
      for (const state of states.values()) await state.close();
      return partitionDisk(exec, roots, disk, table, claim, task);
    },
    mount: (volume, access) => mount(exec, volume, access),
    formatVolume: (target, volume, task) => formatVolume(exec, roots.sys, target, volume, task),
    applyImage: async (file, index, volume, task) => {
      using wim = await WimFile.open(file);
      await wim.applyToNtfsVolume(index, volume.device, task);
      await exec(['sync']);
    },
    extractImage: async (file, index, folder, task) => {
      using wim = await WimFile.open(file);
      await wim.applyToFolder(index, folder, task);
    },
    addDrivers: async () => 'staged',
    installedWindows: () => installedWindows(exec, roots),
    freeSpace: () => freeSpace(exec, roots),
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
    recoverTarget: (target) => recoverTarget(roots, target),
    arrangeRestart: ({ into }) => arrangeRestart(roots.sys, into, warn),
    leave: async (action) => EXIT_CODES[action],
    openCommandPrompt: undefined,
  };
}

async function mount(exec: Exec, volume: TargetVolume, access: 'read' | 'write'): Promise<MountedVolume> {
  if (volume.fileSystem === 'none') throw new Error(`${volume.name} has no file system`);
  return mountVolume(exec, volume.fileSystem, volume.device, access);
}
