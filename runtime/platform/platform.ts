import type { Disk, Machine } from '../contract/machine.ts';
import type { Manifest } from '../contract/manifest.ts';
import type { PlatformName } from '../contract/step.ts';
import type { PartitionTable } from './partition-table.ts';

export type Progress = (done: { doneBytes: number; totalBytes: number }) => void;
export type Task = { signal?: AbortSignal; onProgress?: Progress };

/** The medium the runtime works from, mounted read-only. `disk` names the whole disk it lies on. */
export type MountedMedium = { root: string; device: string; disk: string };
export type Medium = MountedMedium & { manifest: Manifest };

/** A volume of the disk that is being deployed. `role` tells what the layout made it for. */
export type TargetVolume = {
  name: string;
  role: 'system' | 'msr' | 'primary' | 'recovery';
  /** What opens it: /dev/nvme0n1p3. */
  device: string;
  number: number;
  startBytes: number;
  bytes: number;
  fileSystem: 'ntfs' | 'fat32' | 'none';
  /** The partition's own GUID on a GPT disk. */
  guid?: string;
};

/** What the boot menu said: the id of the medium, and the sequence if one was chosen there. */
export type BootOptions = { mediumId: string; sequenceId: string | undefined };

/** The disk that is being deployed, in plain data. */
export type TargetDisk = {
  device: string;
  style: 'gpt' | 'mbr';
  /** GUID of a GPT disk, or the signature of an MBR disk as 8 hexadecimal digits. */
  identity: string;
  volumes: TargetVolume[];
};

/** A mounted file system; disposing of it unmounts it. */
export type MountedVolume = AsyncDisposable & { path: string };

/** What steps act through. Every adaptor is held against one suite: test/contract/platform-suite.ts. */
export type Platform = {
  name: PlatformName;
  /** `MEDIUM_NOT_FOUND` when the boot menu did not name a medium. */
  bootOptions(): Promise<BootOptions>;
  /** Finds and mounts the medium with this id. */
  findMedium(id: string, signal?: AbortSignal): Promise<MountedMedium>;
  inventory(medium: MountedMedium | undefined): Promise<Machine>;
  /**
   * Erases a disk, lays out the table and makes the file systems. First of all the disk gets a claim that says that
   * this medium is at work on it, so that whatever happens next it is known for what it is.
   */
  partitionDisk(disk: Disk, table: PartitionTable, claim: string, task: Task): Promise<TargetDisk>;
  mount(volume: TargetVolume, access: 'read' | 'write'): Promise<MountedVolume>;
  /** Applies an image with everything NTFS knows onto a freshly formatted volume. */
  applyImage(file: string, index: number, volume: TargetVolume, task: Task): Promise<void>;
  /** Unpacks an image into a folder: names, data and times, nothing else. */
  extractImage(file: string, index: number, folder: string, task: Task): Promise<void>;
  /** Puts the boot files of the applied Windows into place, all but what makes the disk start. */
  prepareBoot(target: TargetDisk, windows: TargetVolume, locale: string, task: Task): Promise<void>;
  /** Makes the disk start what `prepareBoot` has put there, and takes the claim away. The last thing a deployment does. */
  activateBoot(target: TargetDisk, task: Task): Promise<void>;
};
