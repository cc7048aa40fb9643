import type { Exec } from '../../host/exec.ts';
import { WimFile } from '../../wim/wim-file.ts';
import { MOUNTED_FILES } from '../mounted-files.ts';
import type { MountedVolume, Platform, TargetVolume } from '../platform.ts';
import { activateBoot, prepareBoot } from './boot.ts';
import { parseBootOptions, parseMediumUrl } from './boot-options.ts';
import { type Roots, readMachine } from './machine.ts';
import { findMedium } from './medium.ts';
import { mountVolume } from './mount.ts';
import { mountNetworkMedium } from './network-medium.ts';
import { partitionDisk } from './partition.ts';
import { readAttribute } from './sysfs.ts';

export type LinuxSetup = {
  exec: Exec;
  /** The folder that holds GRUB's boot.img and core.img for disks that BIOS starts. */
  bootCodeFolder: string;
  /** Where the kernel shows itself; other folders in tests. */
  roots?: Roots;
};

/** What the boot environment's init does next (templates/linux/init). */
const EXIT_CODES = { restart: 0, shutdown: 10, shell: 20 } as const;

/** The Linux boot environment as a platform. */
export function linuxPlatform({
  exec,
  bootCodeFolder,
  roots = { sys: '/sys', proc: '/proc', dev: '/dev' },
}: LinuxSetup): Platform {
  const commandLine = () => readAttribute(roots.proc, 'cmdline');
  let warn: (message: string) => void = () => undefined;
  return {
    ...MOUNTED_FILES,
    name: 'linux',
    // The environment's init has loaded everything by now.
    prepare: async (log) => {
      warn = (message) => log('warning', message);
    },
    bootOptions: async () => parseBootOptions(await commandLine()),
    findMedium: async (id, signal) => {
      const url = parseMediumUrl(await commandLine());
      if (url !== undefined) return mountNetworkMedium({ exec, sys: roots.sys, url, id, log: warn, signal });
      const { mounted, device, disk } = await findMedium(exec, roots.sys, roots.dev, id, signal);
      return { root: mounted.path, device, disk, launchMode: /\/sr\d/.test(device) ? 'DVD' : 'UFD' };
    },
    inventory: (medium) => readMachine(roots, medium?.disk),
    partitionDisk: (disk, table, claim, task) => partitionDisk(exec, roots, disk, table, claim, task),
    mount: (volume, access) => mount(exec, volume, access),
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
    prepareBoot: (start) => prepareBoot(exec, start),
    activateBoot: ({ target }) => activateBoot(exec, target, bootCodeFolder),
    leave: async (action) => EXIT_CODES[action],
    openCommandPrompt: undefined,
  };
}

async function mount(exec: Exec, volume: TargetVolume, access: 'read' | 'write'): Promise<MountedVolume> {
  if (volume.fileSystem === 'none') throw new Error(`${volume.name} has no file system`);
  return mountVolume(exec, volume.fileSystem, volume.device, access);
}
